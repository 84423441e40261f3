import { randomUUID } from 'node:crypto';
import { KeyRing } from '../../src/config/index.js';
import { invitationHash, newSecret } from '../../src/modules/identity/index.js';
import { Letters } from '../../src/modules/mail/index.js';
import { type Answer, type TestApp, testRing } from './app.js';
import type { TestDatabase } from './database.js';
import type { Tenant } from './world.js';

export const GOOD_PASSWORD = 'seven lanterns over quiet water';
export const somebodyNew = (): string => `${randomUUID()}@example.com`;

/** The routes of invitations, by name. */
export const invitationCalls = (held: { app: TestApp }) => ({
  invite: (token: string, email: string, roleId: string, more: object = {}): Promise<Answer> =>
    held.app.call('POST', '/v1/invitations', { token, body: { email, roleId, ...more } }),
  list: (token: string, query = ''): Promise<Answer> => held.app.call('GET', `/v1/invitations${query}`, { token }),
  resend: (token: string, id: string): Promise<Answer> =>
    held.app.call('POST', `/v1/invitations/${id}/resend`, { token }),
  revoke: (token: string, id: string): Promise<Answer> => held.app.call('DELETE', `/v1/invitations/${id}`, { token }),
  preview: (secret: string): Promise<Answer> =>
    held.app.call('POST', '/v1/invitations/preview', { body: { token: secret } }),
  accept: (secret: string, more: object = {}, token?: string): Promise<Answer> =>
    held.app.call('POST', '/v1/invitations/accept', { token, body: { token: secret, ...more } }),
});

/** What whoever is new gives. */
export const newAccount = { fullName: 'Ada Lovelace', password: GOOD_PASSWORD };

/** Tokens of the mails to an address that have not left yet, oldest first: read with the key ring that sealed them. */
export async function tokensFor(db: TestDatabase, email: string, ring: KeyRing = testRing): Promise<string[]> {
  const rows = await db.look<{ id: string; sealed: string }>(
    `select id, values_encrypted as sealed from auth.mail_outbox where recipient = $1 and template = 'invitation' order by created_at`,
    [email],
  );
  const letters = new Letters(ring);
  return rows.map(({ id, sealed }) => /#token=([\w-]{43})\s/.exec(letters.open(id, sealed).text)?.[1] ?? '');
}

/** An invitation with its token, past the functions. @param by null: the platform's @param ring the servers' */
export async function plantInvitation(
  db: TestDatabase,
  tenant: Tenant,
  email: string,
  {
    role = tenant.roles.member,
    by = tenant.users.admin.id,
    ring = testRing,
  }: { role?: string; by?: string | null; ring?: KeyRing } = {},
): Promise<string> {
  const token = newSecret();
  await db.look(
    'insert into app.invitations (tenant_id, email, role_id, invited_by, token_hash) values ($1, $2, $3, $4, $5)',
    [tenant.id, email, role, by, invitationHash(ring, token)],
  );
  return token;
}
