import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy, type StrategyOptionsWithRequest } from 'passport-jwt';
import type { Principal } from '../context/index.js';
import { AccessTokens, bearerToken, type AccessTokenClaims } from '../modules/identity/index.js';

/**
 * Verifies an access token (RFC 9068 form, RFC 8725 practice): ES256 and nothing else, our issuer and audience, the key
 * that `kid` names among the keys in memory. A token of another kind costs no query and no call to anywhere.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(private readonly tokens: AccessTokens) {
    super({
      jwtFromRequest: (request: Request) => bearerToken(request) ?? null,
      passReqToCallback: true,
      algorithms: ['ES256'],
      issuer: tokens.issuer,
      audience: tokens.issuer,
      secretOrKeyProvider: (_request: unknown, token: unknown, done: (error: Error | null, key?: unknown) => void) => {
        const key = tokens.keyFor(String(token));
        done(key ? null : new Error('no such key'), key);
      },
    } as unknown as StrategyOptionsWithRequest);
  }

  validate(request: Request, claims: AccessTokenClaims): Principal | false {
    return this.tokens.remember(bearerToken(request) ?? '', claims) ?? false;
  }
}
