/**
 * PostGraphile 5 with its own defaults, as the same role: capability and claims are settings of its transaction, and
 * row level security does the rest. Its schema is read once as an administrator (the request's role may not read the catalogue
 * views that this needs); every request runs on the request's pool.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { callerOf, settings } from './token.mjs';

const admin = new pg.Pool({ connectionString: process.env.PEER_ADMIN_URL, max: 1 });
const requests = new pg.Pool({
  connectionString: settings.databaseUrl,
  max: settings.poolSize,
  options: '-c search_path=app,pg_temp',
});
let current = admin;
const pool = {
  connect: () => current.connect(),
  query: (...a) => current.query(...a),
  on: () => pool,
  end: async () => undefined,
};

const preset = {
  extends: [PostGraphileAmberPreset],
  // a column that only the second place of an index holds can be ordered by, too
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ pool, schemas: ['app'], pubsub: false })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: {
    explain: false,
    async context({ node }) {
      const caller = await callerOf(node?.req.headers.authorization);
      if (!caller) throw new Error('unauthenticated');
      return { pgSettings: { 'app.cap': caller.cap, 'request.jwt.claims': caller.claims } };
    },
  },
};

const instance = postgraphile(preset);
await instance.getSchema();
current = requests;
await admin.end();

const server = createServer();
const serv = instance.createServ(grafserv);
await serv.addTo(server);
server.listen(settings.port, '127.0.0.1');
