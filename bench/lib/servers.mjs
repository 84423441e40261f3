/** The four servers: how each is started, what it is asked, and how the ids in its answer are read. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProcess, untilReady } from './processes.mjs';

const POOL_SIZE = '10'; // Ringfence's own default
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const rest = {
  request: (port, token) =>
    `GET /v1/deals?limit=20 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\n\r\n`,
  items: (body) => body.items,
  idOf: (item) => item.id,
};

const QUERY = `query { allDeals(first: 20, orderBy: ROW_ID_DESC) {
  nodes { rowId title amount currency stage visibility ownerId createdAt updatedAt } pageInfo { hasNextPage endCursor } } }`;

const graphql = {
  request: (port, token) => {
    const body = JSON.stringify({ query: QUERY });
    return `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  },
  items: (body) => {
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data.allDeals.nodes;
  },
  idOf: (item) => item.rowId,
};

export const RINGFENCE = 'ringfence';

/** In the order of the table. `goal`: what Ringfence's throughput divided by theirs should be at least. */
export const SERVERS = [
  { key: RINGFENCE, label: 'Ringfence, through everything', ...rest },
  { key: 'fastify', label: 'Fastify + pg by hand, pipelined, same RLS', goal: 0.8, script: 'fastify-pg.mjs', ...rest },
  { key: 'postgraphile', label: 'PostGraphile 5, same RLS', goal: 1.5, script: 'postgraphile.mjs', ...graphql },
  { key: 'nest', label: 'Nest + TypeORM with a WHERE, no RLS', goal: 1, script: 'nest-typeorm.mjs', ...rest },
];

export async function startRingfence(urls, home) {
  const keyRing = join(home, 'keyring.json');
  await writeFile(keyRing, JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), {
    mode: 0o600,
  });
  const port = await freePort();
  const server = startProcess(RINGFENCE, [at('../../dist/src/main.js')], {
    APP_DATABASE_URL: urls.app,
    AUTH_DATABASE_URL: urls.auth,
    KEY_RING_FILE: keyRing,
    RINGFENCE_HOME: home,
    APP_POOL_SIZE: POOL_SIZE,
    PORT: String(port),
    LOG_LEVEL: 'error',
    // counted like every request, and never refused
    RATE_LIMIT_PRINCIPAL: '10000000',
    RATE_LIMIT_TENANT: '10000000',
    RATE_LIMIT_ADDRESS: '10000000',
  });
  const issuer = `http://127.0.0.1:${port}`;
  const jwks = await untilReady(server, () => fetchJson(`${issuer}/.well-known/jwks.json`));
  return { port, issuer, jwks, pid: server.child.pid };
}

/** Tokens as partners get them: by signing in. */
export async function signIn({ issuer }, emails, password) {
  const tokens = [];
  for (const email of emails) {
    const answer = await fetchJson(`${issuer}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    tokens.push(answer.accessToken);
  }
  return tokens;
}

/** @returns {port, pid} by server, Ringfence's own included */
export async function startPeers(urls, { issuer, jwks, ...ringfence }, token) {
  const running = { [RINGFENCE]: ringfence };
  const cursorKey = randomBytes(32).toString('hex');
  for (const server of SERVERS.filter(({ script }) => script)) {
    const port = await freePort();
    const process_ = startProcess(server.label, [at(`../peers/src/${server.script}`)], {
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
      PORT: String(port),
      PEER_DATABASE_URL: server.key === 'nest' ? urls.service : urls.app,
      PEER_ADMIN_URL: urls.admin,
      PEER_POOL_SIZE: POOL_SIZE,
      PEER_ISSUER: issuer,
      PEER_JWKS: JSON.stringify(jwks),
      PEER_CURSOR_KEY: cursorKey,
    });
    await untilReady(process_, () => ask(server, port, token));
    running[server.key] = { port, pid: process_.child.pid };
  }
  return running;
}

/** One request through the same bytes as the load sends. @returns the items */
export async function ask(server, port, token) {
  const [head, body] = server.request(port, token).split('\r\n\r\n');
  const [line, ...lines] = head.split('\r\n');
  const [method, path] = line.split(' ');
  const headers = Object.fromEntries(
    lines.map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 2)]),
  );
  delete headers['Content-Length'];
  return server.items(await fetchJson(`http://127.0.0.1:${port}${path}`, { method, headers, body: body || undefined }));
}

async function fetchJson(url, options = {}) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} of ${url}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** All four must answer the same rows in the same order for every token. @throws naming the first difference */
export async function assertSameAnswers(running, tokens) {
  const fields = ['title', 'amount', 'currency', 'stage', 'visibility', 'ownerId'];
  for (const [n, token] of tokens.entries()) {
    const answers = await Promise.all(SERVERS.map((server) => ask(server, running[server.key].port, token)));
    const shown = answers.map((items, i) =>
      JSON.stringify(items.map((item) => [SERVERS[i].idOf(item), ...fields.map((f) => comparable(f, item[f]))])),
    );
    if (answers[0].length !== 20) throw new Error(`token ${n}: ${answers[0].length} rows instead of 20`);
    for (const [i, one] of shown.entries()) {
      if (one !== shown[0])
        throw new Error(`token ${n}: ${SERVERS[i].label} answers other rows than Ringfence:\n${one}\n${shown[0]}`);
    }
  }
}

/** GraphQL names the words of an enum in capitals where it takes a column for one. */
const comparable = (field, value) => (field === 'amount' ? Number(value) : value);
