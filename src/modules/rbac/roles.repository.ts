import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { ExpectedVersions } from '../../route/index.js';
import type { RoleDetails, VersionedRole } from './dto/responses.js';

type RoleRow = RoleDetails & { version: number };

const ROLE = `r.id, r.slug, r.name, r.is_root as "isRoot", r.version,
  array(select p.permission from app.role_permissions p where p.role_id = r.id order by 1) as permissions,
  array(select e.parent_id from app.role_edges e where e.child_id = r.id order by 1) as "parentIds"`;

/**
 * Reads are statements under the fence; every change is a function of the database, which asks for itself who may
 * (migrations/0015). None of them names a tenant.
 */
@Injectable()
export class RolesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Oldest first. @param after id that the page starts after */
  async list(limit: number, after?: string): Promise<RoleDetails[]> {
    const rows = await this.db.query<RoleRow>(
      `select ${ROLE} from app.roles r where $2::uuid is null or r.id > $2 order by r.id limit $1`,
      [limit, after ?? null],
    );
    return rows.map((row) => fromRow(row).role);
  }

  async find(id: string): Promise<VersionedRole | undefined> {
    const [row] = await this.db.query<RoleRow>(`select ${ROLE} from app.roles r where r.id = $1`, [id]);
    return row && fromRow(row);
  }

  async create(slug: string, name: string, permissions: string[], parentIds: string[]): Promise<string> {
    const [row] = await this.db.query<{ id: string }>('select app.create_role($1, $2, $3, $4) as id', [
      slug,
      name,
      permissions,
      parentIds,
    ]);
    return (row as { id: string }).id;
  }

  async update(id: string, slug: string | undefined, name: string | undefined, at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.update_role($1, $2, $3, $4)', [id, slug ?? null, name ?? null, at ?? null]);
  }

  async setPermissions(id: string, permissions: string[], at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.set_role_permissions($1, $2, $3)', [id, permissions, at ?? null]);
  }

  async setParents(id: string, parentIds: string[], at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.set_role_parents($1, $2, $3)', [id, parentIds, at ?? null]);
  }

  async delete(id: string, at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.delete_role($1, $2)', [id, at ?? null]);
  }

  async assign(userId: string, roleId: string): Promise<void> {
    await this.db.query('select app.assign_role($1, $2)', [userId, roleId]);
  }

  async transferOwnership(userId: string): Promise<void> {
    await this.db.query('select app.transfer_ownership($1)', [userId]);
  }
}

function fromRow({ version, ...role }: RoleRow): VersionedRole {
  const { id, slug, name, permissions, parentIds, isRoot } = role;
  return { role: { id, slug, name, permissions, parentIds, isRoot }, version };
}
