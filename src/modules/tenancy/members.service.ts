import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import type { ListMembersQuery } from './dto/requests.js';
import type { MemberView } from './dto/responses.js';
import { MembersRepository } from './members.repository.js';

/** Who belongs to the caller's tenant. Who may remove whom is the database's to say. */
@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
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
  remove(userId: string, heirId?: string): Promise<void> {
    return this.members.remove(userId, heirId);
  }

  /** @throws DomainError 409 for the last owner, and as `remove` does */
  leave(heirId?: string): Promise<void> {
    return this.members.leave(heirId);
  }
}
