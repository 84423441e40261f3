import { Injectable } from '@nestjs/common';
import { Config, KeyRing } from '../../config/index.js';
import { RequestContext } from '../../context/index.js';
import { roleNotFound } from '../../database/index.js';
import { notFound } from '../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import { canonicalEmail, invitationHash, newSecret } from '../identity/index.js';
import { Outbox, type SealedMail } from '../mail/index.js';
import type { CreateInvitationRequest, ListInvitationsQuery } from './dto/requests.js';
import type { InvitationView } from './dto/responses.js';
import { InvitationsRepository, type Names } from './invitations.repository.js';

/** As long as the database lets one live. */
const DAYS = 7;

/**
 * Invitations of the caller's tenant. An address is looked up among this tenant's members and nowhere else, so that nothing
 * here tells whether it has an account with another.
 */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly config: Config,
    private readonly ring: KeyRing,
    private readonly invitations: InvitationsRepository,
    private readonly outbox: Outbox,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  list(query: ListInvitationsQuery): Promise<Page<InvitationView>> {
    const scope: CursorScope = { tenantId: this.context.principal.tenantId ?? '', list: 'invitations by id desc' };
    return this.cursors.page(
      query,
      scope,
      (limit, before) => this.invitations.list(limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 403 for a role that is not below one's own, 409 for a pending one or a member, 422 for no role */
  async create({ email, roleId, metadata = {} }: CreateInvitationRequest): Promise<InvitationView> {
    const address = canonicalEmail(email);
    const names = await this.invitations.namesFor(roleId);
    const { token, mail } = this.letterTo(address, names);
    const invitation = { email: address, roleId, metadata, tokenHash: invitationHash(this.ring, token), mail };
    const made = await this.invitations.create(invitation);
    return { ...made, email: address, roleId, invitedBy: this.context.principal.userId, metadata };
  }

  /** In one's own name, for another seven days; the old link is dead. @throws DomainError 404, 403 */
  async resend(id: string): Promise<InvitationView> {
    const { email, roleId } = await this.find(id);
    const { token, mail } = this.letterTo(email, await this.invitations.namesFor(roleId));
    await this.invitations.resend(id, invitationHash(this.ring, token), mail);
    return this.find(id);
  }

  /** @throws DomainError 404, 403 */
  revoke(id: string): Promise<void> {
    return this.invitations.revoke(id);
  }

  /** After the commit: the mail goes at once. */
  nudge(): void {
    this.outbox.nudge();
  }

  private async find(id: string): Promise<InvitationView> {
    const invitation = await this.invitations.find(id);
    if (!invitation) throw notFound();
    return invitation;
  }

  /** The token is in the mail's link and, as a hash, in the invitation. */
  private letterTo(email: string, { tenant, role }: Names): { token: string; mail: SealedMail } {
    if (role === null) throw roleNotFound();
    const token = newSecret();
    const link = `${this.config.webUrl}/account/invitation#token=${token}`;
    return {
      token,
      mail: this.outbox.seal(email, { template: 'invitation', values: { link, tenant, role, days: DAYS } }),
    };
  }
}
