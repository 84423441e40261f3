import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { createHash, hash, type KeyObject, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { Config } from '../../../config/index.js';
import { Clock, type Principal } from '../../../context/index.js';
import { SigningKeys } from '../keys/signing-keys.js';

/** Payload of an access token (RFC 9068 with this project's claims). Times are seconds since the epoch. */
export interface AccessTokenClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  auth_time: number;
  aal: 'aal1' | 'aal2';
  /** the level that the tenant demands, where it demands one: a hint like the permissions */
  min_aal?: 'aal2';
  amr: string[];
  tenant_id: string | null;
  role_id: string | null;
  role: string | null;
  permissions?: string[];
  subordinate_role_ids?: string[];
}

/** What the caller of `issue` decides; the rest is the issuer's. */
export type TokenSubject = Omit<AccessTokenClaims, 'iss' | 'aud' | 'jti' | 'iat'>;

/** A token longer than this leaves out its hints: headers have limits, and the database needs none of them. */
const MAX_TOKEN_LENGTH = 4096;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  principal: Principal;
  exp: number;
  kid: string;
}

/** Makes access tokens, and remembers the ones whose signature was verified. */
@Injectable()
export class AccessTokens {
  readonly issuer: string;
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    config: Config,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {
    this.issuer = config.publicUrl;
  }

  async issue(subject: TokenSubject): Promise<string> {
    const token = await this.sign(subject);
    if (token.length <= MAX_TOKEN_LENGTH) return token;
    return this.sign({ ...subject, permissions: undefined, subordinate_role_ids: undefined });
  }

  /** The key for a token whose header is what ours are: `typ`, `alg` and a `kid` that is in memory. */
  keyFor(token: string): KeyObject | undefined {
    const header = decodePart(token, 0) as { typ?: unknown; alg?: unknown; kid?: unknown } | undefined;
    if (header?.typ !== 'at+jwt' || header.alg !== 'ES256' || typeof header.kid !== 'string') return undefined;
    return this.keys.publicKey(header.kid);
  }

  /** The principal of a token that was verified before, has not expired and whose key is still live. */
  recall(token: string | undefined): Principal | undefined {
    if (!token) return undefined;
    const cap = capabilityOf(token);
    const known = this.remembered.get(cap);
    if (!known) return undefined;
    if (known.exp > this.clock.now() / 1000 && this.keys.publicKey(known.kid)) return known.principal;
    this.remembered.delete(cap);
    return undefined;
  }

  /** @param claims the payload after its signature was verified */
  remember(token: string, claims: AccessTokenClaims): Principal | undefined {
    const header = decodePart(token, 0) as { kid: string } | undefined;
    if (!header || !isComplete(claims) || claims.exp <= this.clock.now() / 1000) return undefined;
    const cap = capabilityOf(token);
    const principal: Principal = {
      userId: claims.sub,
      sessionId: claims.sid,
      tenantId: claims.tenant_id,
      permissions: claims.permissions ? new Set(claims.permissions) : undefined,
      aal: claims.aal,
      minAal: claims.min_aal ?? 'aal1',
      authTime: claims.auth_time,
      cap,
      claims: JSON.stringify(claims),
    };
    const oldest = this.remembered.size >= MAX_REMEMBERED ? this.remembered.keys().next().value : undefined;
    if (oldest !== undefined) this.remembered.delete(oldest);
    this.remembered.set(cap, { principal, exp: claims.exp, kid: header.kid });
    return principal;
  }

  private sign(subject: TokenSubject): Promise<string> {
    const { kid, key } = this.keys.signer;
    return new SignJWT({ ...subject })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setJti(randomUUID())
      .setIssuedAt(this.clock.seconds())
      .sign(key);
  }
}

/** base64url of the SHA-256 of the compact token: what the database knows the token by. Never a claim. */
export const capabilityOf = (token: string): string => hash('sha256', token, 'base64url');

/** What the database stores of a capability. */
export const capabilityHash = (cap: string): Buffer => createHash('sha256').update(cap).digest();

/** The token of `Authorization: Bearer`, if that is what the request carries. */
export function bearerToken(request: Request): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function isComplete(claims: AccessTokenClaims): boolean {
  const { sub, sid, exp, auth_time: authTime, aal, tenant_id: tenant } = claims;
  const strings = [sub, sid].every((value) => typeof value === 'string');
  const numbers = [exp, authTime].every((value) => typeof value === 'number');
  return strings && numbers && ['aal1', 'aal2'].includes(aal) && (tenant === null || typeof tenant === 'string');
}

function decodePart(token: string, index: number): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
