/** The four roles that every tenant starts with, highest first. Each has what those below it have. */
export const STANDARD_ROLES = ['owner', 'admin', 'member', 'viewer'] as const;
export type StandardRole = (typeof STANDARD_ROLES)[number];

/** A right, as an object: decorators and guards take this, never a string that could be mistyped. */
export interface Permission {
  /** flat code, `resource:verb` */
  readonly code: string;
  readonly description: string;
  /** the lowest standard role that has it */
  readonly from: StandardRole;
}

const catalogue = new Map<string, Permission>();

/**
 * Declares a permission, next to the module that it belongs to.
 * @throws Error when the code is malformed or declared twice
 */
export function definePermission(code: string, description: string, from: StandardRole): Permission {
  if (!/^[a-z_]+:[a-z_]+$/.test(code)) throw new Error(`permission ${code}: write it as resource:verb`);
  if (catalogue.has(code)) throw new Error(`permission ${code} is declared twice`);
  const permission = Object.freeze({ code, description, from });
  catalogue.set(code, permission);
  return permission;
}

/** The four rights of a resource. `from` says, verb by verb, the lowest standard role that has the right. */
export function defineCrudPermissions(
  resource: string,
  from: { read: StandardRole; create: StandardRole; update: StandardRole; delete: StandardRole },
): Record<'read' | 'create' | 'update' | 'delete', Permission> {
  const what = `${/^[aeiou]/.test(resource) ? 'an' : 'a'} ${resource.replaceAll('_', ' ')}`;
  return {
    read: definePermission(`${resource}:read`, `Read ${what} that one sees`, from.read),
    create: definePermission(`${resource}:create`, `Create ${what}`, from.create),
    update: definePermission(`${resource}:update`, `Change ${what} that one sees`, from.update),
    delete: definePermission(`${resource}:delete`, `Delete ${what} that one sees`, from.delete),
  };
}

/** In the order of the database, which is that of the bytes. */
export const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);

/** Everything declared by the modules that are loaded, by code. */
export function permissionCatalogue(): readonly Permission[] {
  return [...catalogue.values()].sort(byCode);
}

/** Codes that a standard role starts with, those of the roles below it included. */
export function permissionsOf(role: StandardRole): string[] {
  const rank = STANDARD_ROLES.indexOf(role);
  return permissionCatalogue()
    .filter((permission) => STANDARD_ROLES.indexOf(permission.from) >= rank)
    .map((permission) => permission.code);
}
