import { createHash, createHmac } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';

/** What every peer gets from the benchmark. */
export const settings = {
  port: Number(process.env.PORT),
  databaseUrl: process.env.PEER_DATABASE_URL,
  poolSize: Number(process.env.PEER_POOL_SIZE),
  issuer: process.env.PEER_ISSUER,
  jwks: JSON.parse(process.env.PEER_JWKS),
};

const keys = createLocalJWKSet(settings.jwks);
const cursorKey = Buffer.from(process.env.PEER_CURSOR_KEY, 'hex');
const remembered = new Map();

/**
 * The same work as Ringfence does for a token: a SHA-256 of it on each request, ES256 once, expiry on each request.
 * @returns the caller, or undefined for a token that is not valid
 */
export async function callerOf(authorization) {
  if (!authorization?.startsWith('Bearer ')) return undefined;
  const token = authorization.slice(7);
  const cap = createHash('sha256').update(token).digest('base64url');
  const known = remembered.get(cap);
  if (known && known.exp > Date.now() / 1000) return known;
  try {
    return remember(cap, await verify(token));
  } catch {
    return undefined;
  }
}

/** For a framework that verifies by itself: the caller of a token that was verified before, and how to keep one. */
export function recall(token) {
  const known = remembered.get(createHash('sha256').update(token).digest('base64url'));
  return known && known.exp > Date.now() / 1000 ? known : undefined;
}

export function remember(cap, payload) {
  const caller = {
    cap,
    exp: payload.exp,
    tenantId: payload.tenant_id,
    permissions: new Set(payload.permissions),
    claims: JSON.stringify(payload),
  };
  remembered.set(cap, caller);
  return caller;
}

async function verify(token) {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['ES256'],
    issuer: settings.issuer,
    audience: settings.issuer,
    typ: 'at+jwt',
  });
  return payload;
}

/** A signed position in the list of one tenant: 16 bytes of HMAC-SHA-256 before the id. */
export function sealCursor(id, tenantId) {
  const mac = createHmac('sha256', cursorKey).update(`["${tenantId}","deals"]\0`).update(id).digest().subarray(0, 16);
  return Buffer.concat([mac, Buffer.from(id)]).toString('base64url');
}
