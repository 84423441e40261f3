import { Letters } from '../../modules/mail/index.js';
import { firstInvitation, PlatformTenantsRepository, TENANT_SLUG } from '../../modules/platform/index.js';
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
  const letters = new Letters(await ringOf(env));
  const invitation = firstInvitation(letters, webUrlOf(env), { adminEmail: email, tenant: name });
  const id = await onThePlatform(invocation, async (client, audit) => {
    if (await tenants.bySlug(client, slug)) throw new CliError(`There is a tenant ${slug} already.`);
    const made = await tenants.provision(client, { slug, name, invitation });
    audit.record('tenantProvisioned', { operatorId: null, tenantId: made });
    return made;
  });
  out(`${slug} is made (${id}).`);
  out(`${email} is invited to be its first owner. A server that runs sends the mail; the link is good for 7 days.`);
  return 0;
}

function wishOf({ options }: Invocation): { name: string; email: string } {
  const { name, 'admin-email': adminEmail } = options;
  if (!name?.trim() || name.length > NAME_MAX) throw new CliError('--name must have 1 to 200 characters.', 2);
  if (!adminEmail) throw new CliError('--admin-email is missing: somebody must be the first owner.', 2);
  return { name, email: emailOf(adminEmail) };
}

/** `tenant list`: a line each, newest first. */
export async function tenantList(invocation: Invocation): Promise<number> {
  const { out } = invocation;
  const rows = await onThePlatform(invocation, async (client) => {
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
    const tenantId = await idOf(client, slug);
    audit.record('tenantSuspended', { operatorId: null, tenantId });
    return tenants.setStatus(client, tenantId, 'suspended');
  });
  invocation.out(changed ? `${slug} is suspended. Every session in it is refused.` : `${slug} is suspended already.`);
  return 0;
}

/** `tenant resume` */
export async function tenantResume(invocation: Invocation): Promise<number> {
  const [slug = ''] = invocation.words;
  const changed = await onThePlatform(invocation, async (client, audit) => {
    const tenantId = await idOf(client, slug);
    audit.record('tenantResumed', { operatorId: null, tenantId });
    return tenants.setStatus(client, tenantId, 'active');
  });
  invocation.out(changed ? `${slug} is active again.` : `${slug} is active already.`);
  return 0;
}

async function idOf(client: Parameters<typeof tenants.bySlug>[0], slug: string): Promise<string> {
  const tenant = await tenants.bySlug(client, slug);
  if (!tenant) throw new CliError(`There is no tenant ${slug}: npm run ringfence -- tenant list`);
  return tenant.id;
}
