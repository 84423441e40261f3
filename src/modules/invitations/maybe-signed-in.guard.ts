import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import type { Principal } from '../../context/index.js';

/**
 * On a public route: verifies an access token, where one is sent, as the pipeline does. It refuses nobody. Whether the
 * session still lives is the handler's to ask.
 */
@Injectable()
export class MaybeSignedIn extends AuthGuard('jwt') {
  override async canActivate(execution: ExecutionContext): Promise<boolean> {
    const { authorization } = execution.switchToHttp().getRequest<Request>().headers;
    if (authorization !== undefined) await super.canActivate(execution);
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false | null): User {
    if (error instanceof Error && !user) throw error;
    return (user || undefined) as User;
  }
}

/** The principal of the token that was sent; undefined without one, or with one that is not valid. */
export const callerOf = (request: Request): Principal | undefined => request.user as Principal | undefined;
