import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../config/index.js';
import type { Principal } from '../../context/index.js';
import { type AuthTransaction, invitationInvalid } from '../../database/index.js';
import { DomainError, validationFailed } from '../../errors/index.js';
import {
  AccountsRepository,
  type Attempt,
  Attempts,
  Grants,
  invitationHashes,
  type Origin,
  PasswordHasher,
  PasswordPolicy,
  type TokenResponse,
  type UserRow,
} from '../identity/index.js';
import { AcceptanceActions } from './acceptance.actions.js';
import { AcceptanceRepository, type GoodInvitation, type Joined } from './acceptance.repository.js';
import type { AcceptInvitationRequest } from './dto/requests.js';
import type { InvitationPreview } from './dto/responses.js';
import { signInToAccept } from './invitations.problems.js';

/** As a magic link's: the link in the mail is what proves who they are, whatever else they have. */
const BY_MAIL = 'email';

/**
 * Joining a tenant. Nobody learns anything without the token. With it: an address that has an account joins as that
 * account, which must be signed in, so that a mail that was passed on gives nobody a way into it.
 */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly invitations: AcceptanceRepository,
    private readonly accounts: AccountsRepository,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly grants: Grants,
    private readonly ring: KeyRing,
    private readonly attempts: Attempts,
  ) {}

  /** @throws DomainError 404 */
  async preview(token: string): Promise<InvitationPreview> {
    const { tenantName, roleName, expiresAt } = await this.good(token);
    return { tenantName, roleName, expiresAt: expiresAt.toISOString() };
  }

  /**
   * @throws DomainError 404 for an invitation that does not count; and for whoever holds one that does: 401 and 403
   * `sign_in_to_accept`, 400 without a name or a password, 422 for a bad password. None of these uses it up.
   */
  accept(request: AcceptInvitationRequest, caller: Principal | undefined, origin: Origin): Promise<TokenResponse> {
    return this.attempts.watch(AcceptanceActions.accepted, {}, async (attempt) => {
      const invitation = await this.good(request.token);
      const user = await this.accounts.byEmail(invitation.email);
      return user
        ? this.join(invitation.hash, user, caller, origin, attempt)
        : this.signUp(invitation, request, origin);
    });
  }

  private async good(token: string): Promise<GoodInvitation> {
    const invitation = await this.invitations.find(invitationHashes(this.ring, token));
    if (!invitation) throw invitationInvalid();
    return invitation;
  }

  private join(
    hash: Buffer,
    user: UserRow,
    caller: Principal | undefined,
    origin: Origin,
    attempt: Attempt,
  ): Promise<TokenResponse> {
    attempt.concerns = user.id;
    if (!caller) throw signInToAccept();
    return this.invitations.transaction(async (tx) => {
      await this.accounts.hold(tx, user.id); // a reset of the password that comes between ends this session, or the new one
      const session = await this.grants.session(caller, tx).catch(asSignInFirst);
      attempt.actorId = session.user_id;
      attempt.sessionId = session.id;
      if (session.user_id !== user.id) throw signedInAsSomebodyElse();
      return this.welcome(tx, await this.invitations.accept(tx, hash, user.id, user.full_name), origin);
    }, caller.cap);
  }

  private async signUp(
    invitation: GoodInvitation,
    { fullName, password }: AcceptInvitationRequest,
    origin: Origin,
  ): Promise<TokenResponse> {
    if (fullName === undefined || password === undefined) throw incomplete({ fullName, password });
    const { hash, email, tenantName, tenantSlug } = invitation;
    await this.policy.check(password, { email, fullName, tenants: [tenantName, tenantSlug], hasFactor: false });
    const passwordHash = await this.hasher.hash(password);
    const standsAlone = this.policy.standsAlone(password);
    return this.invitations.transaction(async (tx) => {
      const joined = await this.invitations.signUp(tx, hash, { fullName, passwordHash, standsAlone });
      if (!joined) throw signInToAccept(); // another invitation was accepted meanwhile
      return this.welcome(tx, joined, origin);
    });
  }

  private welcome(tx: AuthTransaction, joined: Joined, origin: Origin): Promise<TokenResponse> {
    const { userId, tenantId: tenant, invitationId: targetId } = joined;
    const did = { action: AcceptanceActions.accepted, targetId };
    return this.grants.start(tx, { userId, amr: [BY_MAIL], aal: 1, tenant, origin, did });
  }
}

const signedInAsSomebodyElse = (): Error => signInToAccept(undefined, { status: 403 });

function asSignInFirst(error: unknown): never {
  throw error instanceof DomainError && error.status === 401 ? signInToAccept() : error;
}

function incomplete(given: Record<'fullName' | 'password', string | undefined>): Error {
  const missing = (['fullName', 'password'] as const).filter((field) => given[field] === undefined);
  return validationFailed('Give a name and a password: this address has no account yet.', {
    errors: missing.map((field) => ({ field, message: 'is needed for a new account' })),
  });
}
