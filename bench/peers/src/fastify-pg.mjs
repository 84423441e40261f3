/**
 * The ceiling: what one would write by hand for this one route, with nothing in between. Same role, same row level
 * security, same capability; BEGIN, the context, the statement and COMMIT leave in one packet, and the answer is sent
 * after the server confirmed the COMMIT.
 */
import Fastify from 'fastify';
import pg from 'pg';
import { callerOf, sealCursor, settings } from './token.mjs';

const pool = new pg.Pool({
  connectionString: settings.databaseUrl,
  max: settings.poolSize,
  pipeline: true,
  options: '-c search_path=app,pg_temp',
});

const ENTER = 'select session_id, tenant_id, permissions from app.enter($1, $2)';
const LIST = `select id, title, amount, currency, stage, visibility, owner_id as "ownerId", created_at as "createdAt",
  updated_at as "updatedAt" from app.newest_deals($1)`;

const text = { type: 'string' };
const deal = {
  id: text,
  title: text,
  amount: text,
  currency: text,
  stage: text,
  visibility: text,
  ownerId: text,
  createdAt: { type: 'string', format: 'date-time' },
  updatedAt: { type: 'string', format: 'date-time' },
};
const schema = {
  querystring: {
    type: 'object',
    properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
    additionalProperties: false,
  },
  response: {
    200: {
      type: 'object',
      properties: {
        items: { type: 'array', items: { type: 'object', properties: deal } },
        nextCursor: { type: ['string', 'null'] },
      },
    },
  },
};

const app = Fastify({ logger: false });

app.get('/v1/deals', { schema }, async (request, reply) => {
  const caller = await callerOf(request.headers.authorization);
  if (!caller) return reply.code(401).send({ code: 'unauthenticated' });
  const { limit } = request.query;
  const [context, rows] = await transaction(caller, LIST, [limit + 1]);
  if (!context?.session_id || context.tenant_id !== caller.tenantId)
    return reply.code(401).send({ code: 'session_ended' });
  if (!context.permissions.includes('deal:read')) return reply.code(403).send({ code: 'permission_missing' });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? sealCursor(items.at(-1).id, caller.tenantId) : null };
});

async function transaction(caller, statement, values) {
  const client = await pool.connect();
  const { stream } = client.connection;
  stream.cork();
  const all = Promise.all([
    client.query('BEGIN'),
    client.query({ text: ENTER, values: [caller.cap, caller.claims], queryMode: 'extended' }),
    client.query({ text: statement, values, queryMode: 'extended' }),
    client.query('COMMIT'),
  ]);
  stream.uncork();
  try {
    const [, entered, listed, committed] = await all;
    if (committed.command !== 'COMMIT') throw new Error('rolled back');
    client.release();
    return [entered.rows[0], listed.rows];
  } catch (error) {
    client.release(true);
    throw error;
  }
}

await app.listen({ port: settings.port, host: '127.0.0.1' });
