import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { RequestContext, type Principal } from '../context/index.js';
import { unauthenticated } from '../errors/index.js';
import { AccessTokens, bearerToken } from '../modules/identity/index.js';
import { accessOf } from './access-of.js';

/**
 * Who? Default deny: without a declared access there is none. A token that was verified a moment ago is not verified
 * again (its signature cannot change); whether it still counts is the database's to say, on every request.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly tokens: AccessTokens,
  ) {
    super();
  }

  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    this.context.state.route = execution;
    const access = accessOf(this.reflector, execution);
    if (!access) throw unauthenticated();
    if (access.kind === 'public') return true;
    const request = execution.switchToHttp().getRequest<Request>();
    const known = this.tokens.recall(bearerToken(request));
    if (!known) await super.canActivate(execution);
    this.context.state.principal = known ?? (request.user as Principal);
    return true;
  }

  /** Passport's own outcomes, as ours: nothing in the answer says which check failed. */
  override handleRequest<User>(error: unknown, user: User | false | null): User {
    if (error) throw error instanceof Error ? error : new Error('authentication failed', { cause: error });
    if (!user) throw unauthenticated();
    return user;
  }
}
