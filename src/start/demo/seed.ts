import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../../config/index.js';
import { type UnfencedClient, withUnfencedTransaction } from '../../database/service-client.js';
import type { PasswordHasher } from '../../modules/identity/index.js';
import { plantTotp } from '../../modules/mfa/index.js';
import { PlatformActions, PlatformAudit } from '../../modules/platform/index.js';
import type { StorageDriver } from '../../modules/storage/index.js';
import { addMember, provisionTenant, standardRolesOf } from '../../modules/tenancy/index.js';
import { STANDARD_ROLES, type StandardRole } from '../../route/index.js';
import { CONSULTANT, CUSTOMERS, emailOf, ENROLLED, NAMES, OPERATOR, TENANTS } from './cast.js';
import { seedFiles } from './files.js';
import { seedRecords } from './records.js';

export interface DemoUser {
  id: string;
  email: string;
  role: StandardRole;
  password: string;
  /** base32, of who has a second factor; a demo seeded before there were any lacks it */
  totpSecret?: string;
}

/** What demo.json holds: who may be signed in as. */
export interface DemoFile {
  baseUrl: string;
  tenants: { id: string; slug: string; users: DemoUser[] }[];
  shared: { email: string; password: string; tenants: string[] }[];
  operator: { email: string; password: string; totpSecret?: string };
}

const audit = new PlatformAudit(() => undefined);
const newPassword = (): string => randomBytes(15).toString('base64url');

/** What secrets are kept with. */
interface Keepers {
  hasher: PasswordHasher;
  ring: KeyRing;
  /** without one, the demo has no files */
  store?: StorageDriver;
}

/** Whether the demo's tenants are there. */
export const isSeeded = (serviceUrl: string): Promise<boolean> =>
  withUnfencedTransaction(serviceUrl, async (client) => {
    return (
      (await client.query('select from app.tenants where slug = any($1)', [TENANTS.map(({ slug }) => slug)])).length > 0
    );
  });

/**
 * Makes both tenants with their people and records, all or nothing; it stands in the audit log as done on the command line.
 * @param keepers of passwords (as hashes), TOTP secrets (encrypted) and files
 * @param keep called with the passwords before the commit, so that no demo exists whose passwords nobody has
 */
export function seedDemo(
  serviceUrl: string,
  baseUrl: string,
  keepers: Keepers,
  keep: (file: DemoFile) => Promise<void>,
): Promise<void> {
  return withUnfencedTransaction(serviceUrl, async (client) => {
    const people = new People(client, keepers);
    const consultant = await people.add(CONSULTANT.email, CONSULTANT.fullName);
    const operator = await people.add(OPERATOR.email, OPERATOR.fullName, true);
    await client.query('select auth.enter_command_line()');
    await client.query('insert into auth.operators (user_id) values ($1)', [operator.id]);
    await audit.record(client, PlatformActions.operatorAdded, { operatorId: null, userId: operator.id });
    const tenants: DemoFile['tenants'] = [];
    for (const tenant of TENANTS) tenants.push(await seedTenant(client, people, tenant, consultant));
    if (keepers.store) for (const { id } of tenants) await seedFiles(client, keepers.store, id);
    await keep({
      baseUrl,
      tenants,
      shared: [{ email: CONSULTANT.email, password: consultant.password, tenants: TENANTS.map(({ slug }) => slug) }],
      operator: { email: OPERATOR.email, password: operator.password, totpSecret: operator.totpSecret },
    });
  });
}

interface Added {
  id: string;
  password: string;
  totpSecret?: string;
}

class People {
  constructor(
    private readonly client: UnfencedClient,
    private readonly keepers: Keepers,
  ) {}

  async add(email: string, fullName: string, enrolled = false): Promise<Added> {
    const password = newPassword();
    const [user] = await this.client.query<{ id: string }>(
      'insert into auth.users (email, full_name, password_hash) values ($1, $2, $3) returning id',
      [email, fullName, await this.keepers.hasher.hash(password)],
    );
    const { id } = user as { id: string };
    return enrolled
      ? { id, password, totpSecret: await plantTotp(this.client, this.keepers.ring, id) }
      : { id, password };
  }
}

async function seedTenant(
  client: UnfencedClient,
  people: People,
  { slug, name, goods }: (typeof TENANTS)[number],
  consultant: { id: string },
): Promise<DemoFile['tenants'][number]> {
  const tenantId = await provisionTenant(client, slug, name);
  await audit.record(client, PlatformActions.tenantProvisioned, { operatorId: null, tenantId });
  const roles = await standardRolesOf(client, tenantId);
  const users: DemoUser[] = [];
  for (const role of STANDARD_ROLES) {
    const fullName = NAMES[slug]?.[role] ?? '';
    const email = emailOf(role, slug);
    const { id, ...secrets } = await people.add(email, fullName, ENROLLED.includes(role));
    await join(client, { tenantId, roleId: roles[role], userId: id, email, fullName });
    users.push({ id, email, role, ...secrets });
  }
  await join(client, {
    tenantId,
    roleId: roles[CONSULTANT.roles[slug] ?? 'viewer'],
    userId: consultant.id,
    ...CONSULTANT,
  });
  const owners = users.slice(0, 3).map(({ id, role }) => ({ id, roleId: roles[role] })); // a viewer makes nothing
  await seedRecords(client, { tenantId, owners, goods, customers: CUSTOMERS });
  return { id: tenantId, slug, users };
}

async function join(client: UnfencedClient, member: Parameters<typeof addMember>[1]): Promise<void> {
  const { tenantId, userId } = member;
  await addMember(client, member);
  await audit.record(client, PlatformActions.memberAdded, { operatorId: null, tenantId, userId });
}
