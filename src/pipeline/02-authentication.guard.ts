import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { RequestContext, type Principal } from '../context/index.js';
import { apiKeyVoid, notAuthenticated } from '../errors/index.js';
import { isKeyLike, KeyHolders, KeyUses } from '../modules/api-keys/index.js';
import { AccessTokens, bearerToken } from '../modules/identity/index.js';
import { RateLimits } from '../modules/limits/index.js';
import { accessOf } from './access-of.js';

/**
 * Who? Default deny: without a declared access there is none. A token that was verified a moment ago is not verified
 * again (its signature cannot change), and whose an API key is is remembered for a moment; whether either still counts is
 * the database's to say, on every request.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly tokens: AccessTokens,
    private readonly keys: KeyHolders,
    private readonly uses: KeyUses,
    private readonly limits: RateLimits,
  ) {
    super();
  }

  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    this.context.state.route = execution;
    const access = accessOf(this.reflector, execution);
    if (!access) throw notAuthenticated();
    if (access.kind === 'public') return true;
    const request = execution.switchToHttp().getRequest<Request>();
    const token = bearerToken(request);
    const known = isKeyLike(token) ? await this.byKey(token) : this.tokens.recall(token);
    if (!known) await super.canActivate(execution);
    this.context.state.principal = known ?? (request.user as Principal);
    return true;
  }

  private async byKey(text: string): Promise<Principal> {
    if (!this.keys.mayBeKey(text)) {
      this.limits.failedAuthentication(this.address);
      throw apiKeyVoid();
    }
    const principal = await this.keys.principalOf(text, (ask) => this.limits.tryCredential(this.address, ask));
    if (!principal) throw apiKeyVoid();
    this.uses.note(principal);
    return principal;
  }

  private get address(): string {
    return this.context.state.origin?.().address ?? '';
  }

  /** Passport's own outcomes, as ours: nothing in the answer says which check failed. */
  override handleRequest<User>(error: unknown, user: User | false | null, why?: unknown): User {
    if (error) throw error instanceof Error ? error : new Error('authentication failed', { cause: error });
    if (user) return user;
    // none at all is what every browser sends once, and costs nothing
    if (why instanceof Error && why.message !== 'No auth token')
      this.limits.failedAuthentication(this.address, why.name === 'TokenExpiredError');
    throw notAuthenticated();
  }
}
