import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { MemberView } from './dto/responses.js';

interface MemberRow {
  user_id: string;
  full_name: string;
  email: string;
  role_id: string;
  role_slug: string;
  role_name: string;
  status: string;
  created_at: string;
}

/** Reads are statements under the fence; who goes, and what becomes of theirs, is a function's (migrations/0017). */
@Injectable()
export class MembersRepository {
  constructor(private readonly db: TenantDb) {}

  /** @param after id of the person that the page starts after */
  async list(roleId: string | undefined, limit: number, after?: string): Promise<MemberView[]> {
    const rows = await this.db.queryOnce<MemberRow>(
      `select m.user_id, coalesce(p.full_name, '') as full_name, coalesce(p.email, '') as email,
              m.role_id, r.slug as role_slug, r.name as role_name, m.status, m.created_at
         from app.memberships m
         join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
         left join app.profiles p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
        where ($2::uuid is null or m.role_id = $2) and ($3::uuid is null or m.user_id > $3)
        order by m.user_id limit $1`,
      [limit, roleId ?? null, after ?? null],
    );
    return rows.map(fromRow);
  }

  /** @param heirId who gets what they own */
  async remove(userId: string, heirId?: string): Promise<void> {
    await this.db.query('select app.remove_member($1, $2)', [userId, heirId ?? null]);
  }

  async leave(heirId?: string): Promise<void> {
    await this.db.query('select app.leave_tenant($1)', [heirId ?? null]);
  }
}

const fromRow = (row: MemberRow): MemberView => ({
  userId: row.user_id,
  fullName: row.full_name,
  email: row.email,
  role: { id: row.role_id, slug: row.role_slug, name: row.role_name },
  status: row.status,
  joinedAt: row.created_at,
});
