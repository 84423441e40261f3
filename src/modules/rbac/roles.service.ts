import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { notFound, validationFailed } from '../../errors/index.js';
import { Cursors, type CursorScope, type ExpectedVersions, type Page } from '../../route/index.js';
import { AuditTrail } from '../audit/index.js';
import type { CreateRoleRequest, ListRolesQuery, UpdateRoleRequest } from './dto/requests.js';
import type { RoleDetails, VersionedRole } from './dto/responses.js';
import { OwnershipActions } from './roles.actions.js';
import { RolesRepository } from './roles.repository.js';

/** Roles of the caller's tenant. Who may what is the database's to say; its refusals are in database/sqlstate.ts. */
@Injectable()
export class RolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly audit: AuditTrail,
  ) {}

  list(query: ListRolesQuery): Promise<Page<RoleDetails>> {
    const scope: CursorScope = { tenantId: this.context.principal.tenantId ?? '', list: 'roles by id' };
    return this.cursors.page(
      query,
      scope,
      (limit, after) => this.roles.list(limit, after),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 */
  async get(id: string): Promise<VersionedRole> {
    const role = await this.roles.find(id);
    if (!role) throw notFound();
    return role;
  }

  /** @throws DomainError 400, 403, 409, 422: what one lacks, a parent that is not below one, a slug that is taken */
  async create({ name, slug, permissions, parentIds }: CreateRoleRequest): Promise<VersionedRole> {
    return this.get(await this.roles.create(slug ?? slugOf(name), name, permissions, parentIds));
  }

  async update(id: string, { name, slug }: UpdateRoleRequest, at: ExpectedVersions): Promise<VersionedRole> {
    if (name === undefined && slug === undefined) throw validationFailed('Name at least one field to change.');
    await this.roles.update(id, slug, name, at);
    return this.get(id);
  }

  async setPermissions(id: string, permissions: string[], at: ExpectedVersions): Promise<VersionedRole> {
    await this.roles.setPermissions(id, permissions, at);
    return this.get(id);
  }

  async setParents(id: string, parentIds: string[], at: ExpectedVersions): Promise<VersionedRole> {
    await this.roles.setParents(id, parentIds, at);
    return this.get(id);
  }

  delete(id: string, at: ExpectedVersions): Promise<void> {
    return this.roles.delete(id, at);
  }

  assign(userId: string, roleId: string): Promise<void> {
    return this.roles.assign(userId, roleId);
  }

  async transferOwnership(userId: string): Promise<void> {
    await this.roles.transferOwnership(userId);
    const targetId = this.context.principal.tenantId;
    await this.audit.record(OwnershipActions.ownershipTransferred, { targetId, details: { ownerId: userId } });
  }
}

/** @throws DomainError 400 for a name without a letter or digit of ASCII */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const slug = (plain.match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 40).replace(/-$/, '');
  if (slug === '')
    throw validationFailed('Give a slug: none can be made from this name.', {
      errors: [{ field: 'slug', message: 'is needed for this name' }],
    });
  return slug;
}
