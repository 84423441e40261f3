import { type UnfencedClient, withUnfencedTransaction } from '../../database/service-client.js';

/** The rows that say who somebody is in a tenant, as JSON, so that columns added later come along. */
interface Rows {
  membership: unknown;
  profile: unknown;
}

const FIND = `
  select to_jsonb(m) as membership, to_jsonb(p) as profile
    from app.memberships m
    join auth.users u on u.id = m.user_id
    left join app.profiles p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
   where m.tenant_id = $1 and u.email = $2`;
const REMOVE = `
  delete from app.memberships m using auth.users u where m.user_id = u.id and m.tenant_id = $1 and u.email = $2`;
const RESTORE_MEMBERSHIP = `
  insert into app.memberships select * from jsonb_populate_record(null::app.memberships, $1) on conflict do nothing`;
const RESTORE_PROFILE = `
  insert into app.profiles select * from jsonb_populate_record(null::app.profiles, $1) on conflict do nothing`;
const JOIN = `
  with member as (
    insert into app.memberships (tenant_id, user_id, role_id)
      select r.tenant_id, u.id, r.id from app.roles r, auth.users u
       where r.tenant_id = $1 and u.email = $2 and r.slug = $3
      on conflict do nothing returning tenant_id, user_id)
  insert into app.profiles (tenant_id, user_id, email, full_name)
    select m.tenant_id, m.user_id, $2, $4 from member m`;

/** One person's membership of one tenant, taken away and given back behind the application's back. */
export class Membership {
  private removed?: Rows;

  constructor(
    private readonly serviceUrl: string,
    private readonly tenantId: string,
    private readonly email: string,
  ) {}

  /** Takes it away, committed when this returns. @returns how many rows of app.memberships went */
  remove(): Promise<number> {
    return withUnfencedTransaction(this.serviceUrl, async (client) => {
      const [rows] = await client.query<Rows>(FIND, this.key);
      if (!rows) return 0;
      this.removed = rows; // known before the commit: a doubtful one is restored too
      await client.query(REMOVE, this.key);
      return 1;
    });
  }

  /** Gives back what was taken, as it was. Does nothing when nothing is missing. */
  async restore(): Promise<void> {
    const rows = this.removed;
    if (!rows) return;
    await withUnfencedTransaction(this.serviceUrl, (client) => putBack(client, rows));
    this.removed = undefined;
  }

  /** Makes it anew where a tour that was killed half-way left it missing. */
  async ensure(role: string, fullName: string): Promise<void> {
    await withUnfencedTransaction(this.serviceUrl, (client) => client.query(JOIN, [...this.key, role, fullName]));
  }

  private get key(): string[] {
    return [this.tenantId, this.email];
  }
}

async function putBack(client: UnfencedClient, rows: Rows): Promise<void> {
  await client.query(RESTORE_MEMBERSHIP, [rows.membership]);
  if (rows.profile) await client.query(RESTORE_PROFILE, [rows.profile]);
}
