import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import { type AuditNote, AuditTrail } from '../audit/index.js';
import type { ListMembersQuery } from './dto/requests.js';
import type { MemberView } from './dto/responses.js';
import { MembersRepository } from './members.repository.js';
import { MemberActions } from './tenancy.actions.js';

/** Who belongs to the caller's tenant. Who may remove whom is the database's to say. */
@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly audit: AuditTrail,
  ) {}

  list(query: ListMembersQuery): Promise<Page<MemberView>> {
    const { roleId } = query;
    const scope: CursorScope = {
      tenantId: this.context.principal.tenantId ?? '',
      list: JSON.stringify(['members', 'user id', roleId ?? null]),
    };
    return this.cursors.page(
      query,
      scope,
      (limit, after) => this.members.list(roleId, limit, after),
      ({ userId }) => userId,
    );
  }

  /** @throws DomainError 403, 404, 409 for a member who owns records and names no heir, 422 for an heir who is no member */
  async remove(userId: string, heirId?: string): Promise<void> {
    await this.members.remove(userId, heirId);
    await this.audit.record(MemberActions.removed, { targetId: userId, ...to(heirId) });
  }

  /** Recorded first: afterwards nobody is here who could have done it. @throws DomainError 409 for the last owner, and as `remove` does */
  async leave(heirId?: string): Promise<void> {
    await this.audit.record(MemberActions.left, { targetId: this.context.principal.userId, ...to(heirId) });
    await this.members.leave(heirId);
  }
}

const to = (heirId: string | undefined): AuditNote => (heirId === undefined ? {} : { details: { heirId } });
