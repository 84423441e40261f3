import type { UnfencedClient } from '../../database/service-client.js';
import {
  firstInvitation,
  PlatformActions,
  PlatformTenantsRepository,
  type PlatformTenantView,
  TENANT_SLUG,
} from '../../modules/platform/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { ringOf, timeOf } from './keys-access.js';
import { emailOf, onThePlatform, webUrlOf } from './service-access.js';

const tenants = new PlatformTenantsRepository();
const PAGE = 100;
const NAME_MAX = 200;

/** `tenant create`: the tenant, its roles and its first invitation; the mail leaves with the next server that looks. */
export async function tenantCreate(invocation: Invocation): Promise<number> {
  const { env, out, words } = invocation;
  const [slug = ''] = words;
  const { name, email } = wishOf(invocation);
  if (!TENANT_SLUG.test(slug)) {
    throw new CliError('A slug is 2 to 40 lower-case letters and digits, with single hyphens between them.', 2);
  }
  const ring = await ringOf(env);
  const invitation = firstInvitation(ring, webUrlOf(env), { adminEmail: email, tenant: name });
  const id = await onThePlatform(invocation, async (client, audit) => {
    if (await tenants.bySlug(client, slug)) throw new CliError(`There is a tenant ${slug} already.`);
    const made = await tenants.provision(client, { slug, name, invitation });
    await audit.record(client, PlatformActions.tenantProvisioned, { operatorId: null, tenantId: made });
    return made;
  });
  out(`${slug} is made (${id}).`);
  out(`${email} is invited to be its first owner. A server that runs sends the mail; the link is good for 7 days.`);
  return 0;
}

/** `tenant invite-owner`: for a first invitation that expired or went astray. */
export async function tenantInviteOwner(invocation: Invocation): Promise<number> {
  const { env, out, words } = invocation;
  const [slug = ''] = words;
  const email = adminEmailOf(invocation);
  const ring = await ringOf(env);
  await onThePlatform(invocation, async (client, audit) => {
    const { id, name } = await tenantOf(client, slug);
    const first = firstInvitation(ring, webUrlOf(env), { adminEmail: email, tenant: name });
    await tenants.inviteOwner(client, id, first).catch((error: unknown) => {
      throw REFUSED[(error as { code?: string }).code ?? '']?.(slug, email) ?? error;
    });
    await audit.record(client, PlatformActions.ownerInvited, { operatorId: null, tenantId: id });
  });
  out(`${email} is invited to be the first owner of ${slug}. No earlier invitation of ours counts any more.`);
  out('A server that runs sends the mail; the link is good for 7 days.');
  return 0;
}

/** What the database refuses to whoever invites, by SQLSTATE. */
const REFUSED: Readonly<Record<string, (slug: string, email: string) => CliError>> = {
  RF019: (slug, email) => new CliError(`${email} is a member of ${slug} already.`),
  RF024: (slug, email) => new CliError(`A member of ${slug} has invited ${email}, and that is pending.`),
  RF025: (slug) => new CliError(`${slug} has an owner. From now on ownership is its own affair.`),
};

function wishOf(invocation: Invocation): { name: string; email: string } {
  const { name } = invocation.options;
  if (!name?.trim() || name.length > NAME_MAX) throw new CliError('--name must have 1 to 200 characters.', 2);
  return { name, email: adminEmailOf(invocation) };
}

function adminEmailOf({ options: { 'admin-email': adminEmail } }: Invocation): string {
  if (!adminEmail) throw new CliError('--admin-email is missing: somebody must be the first owner.', 2);
  return emailOf(adminEmail);
}

/** `tenant list`: a line each, newest first. */
export async function tenantList(invocation: Invocation): Promise<number> {
  const { out } = invocation;
  const rows = await onThePlatform(invocation, async (client, audit) => {
    await audit.record(client, PlatformActions.tenantsListed, { operatorId: null });
    const all = [];
    for (;;) {
      const page = await tenants.list(client, { limit: PAGE, before: all.at(-1)?.id });
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  });
  if (rows.length === 0) out('There is no tenant yet: npm run ringfence -- help tenant create');
  for (const { id, slug, name, status, memberCount, createdAt } of rows) {
    const members = `${memberCount} ${memberCount === 1 ? 'member' : 'members'}`;
    out([slug.padEnd(24), status.padEnd(9), members.padEnd(12), timeOf(new Date(createdAt)), id, name].join('  '));
  }
  return 0;
}

/** `tenant suspend`: everybody in it is refused from their next statement on. */
export async function tenantSuspend(invocation: Invocation): Promise<number> {
  const [slug = ''] = invocation.words;
  const changed = await onThePlatform(invocation, async (client, audit) => {
    const { id: tenantId } = await tenantOf(client, slug);
    await audit.record(client, PlatformActions.tenantSuspended, { operatorId: null, tenantId });
    return tenants.setStatus(client, tenantId, 'suspended');
  });
  invocation.out(changed ? `${slug} is suspended. Every session in it is refused.` : `${slug} is suspended already.`);
  return 0;
}

/** `tenant resume` */
export async function tenantResume(invocation: Invocation): Promise<number> {
  const [slug = ''] = invocation.words;
  const changed = await onThePlatform(invocation, async (client, audit) => {
    const { id: tenantId } = await tenantOf(client, slug);
    await audit.record(client, PlatformActions.tenantResumed, { operatorId: null, tenantId });
    return tenants.setStatus(client, tenantId, 'active');
  });
  invocation.out(changed ? `${slug} is active again.` : `${slug} is active already.`);
  return 0;
}

/** @throws CliError where there is none */
export async function tenantOf(client: UnfencedClient, slug: string): Promise<PlatformTenantView> {
  const found = await tenants.bySlug(client, slug);
  if (!found) throw new CliError(`There is no tenant ${slug}: npm run ringfence -- tenant list`);
  return found.tenant;
}
