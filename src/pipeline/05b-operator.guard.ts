import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequestContext } from '../context/index.js';
import { AuthDb, notAnOperator } from '../database/index.js';
import { sessionEnded } from '../errors/index.js';
import { accessOf } from './access-of.js';

const ASK = `
  select o.user_id is not null as operates
    from auth.capabilities c left join auth.operators o on o.user_id = c.user_id
   where c.hash = sha256(convert_to($1, 'UTF8')) and c.expires_at > now() and c.session_id is not null`;

/**
 * Do they run the installation? No token says so: the list of operators is asked each time, with the rights of sign-in.
 * What the route then does asks again in its own transaction (auth.enter_platform), and that answer decides.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly db: AuthDb,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    if (accessOf(this.reflector, execution)?.kind !== 'operator') return true;
    const [held] = await this.db.query<{ operates: boolean }>(ASK, [this.context.principal.cap]);
    if (!held) throw sessionEnded();
    if (!held.operates) throw notAnOperator();
    return true;
  }
}
