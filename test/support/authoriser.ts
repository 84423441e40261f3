/*
 * The access rules once more, as naively as they can be written: no closure, no SQL, nothing shared with the code under
 * test. What this says is what the database must do.
 */

export interface ModelRole {
  /** indices of the roles right above it; none for the root, which is the first */
  parents: number[];
  permissions: string[];
}

export interface ModelMember {
  role: number;
  active: boolean;
  aal: 1 | 2;
}

export interface ModelRecord {
  owner: number;
  /** the role that its owner had when it was made or handed over */
  ownerRole: number;
  visibility: 'private' | 'controlled' | 'public';
}

export interface ModelWorld {
  /** what the tenant demands of its members */
  minAal: 1 | 2;
  roles: ModelRole[];
  members: ModelMember[];
  records: ModelRecord[];
}

export const VERBS = ['read', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** Whether one role stands above the other, by walking up from the lower one. */
function isAbove(world: ModelWorld, higher: number, lower: number): boolean {
  return (world.roles[lower] as ModelRole).parents.some(
    (parent) => parent === higher || isAbove(world, higher, parent),
  );
}

function holds(world: ModelWorld, role: number, permission: string): boolean {
  if (role === 0) return true; // the root role holds everything
  return world.roles.some(
    (other, index) => other.permissions.includes(permission) && (index === role || isAbove(world, role, index)),
  );
}

const isLetIn = (world: ModelWorld, member: number): boolean => {
  const { active, aal } = world.members[member] as ModelMember;
  return active && aal >= world.minAal;
};

export function mayCreate(world: ModelWorld, member: number): boolean {
  return isLetIn(world, member) && holds(world, (world.members[member] as ModelMember).role, 'deal:create');
}

/** What the SQL engine is compared with. */
export function may(world: ModelWorld, member: number, verb: Verb, record: number): boolean {
  if (!isLetIn(world, member)) return false;
  const { role } = world.members[member] as ModelMember;
  const { owner, ownerRole, visibility } = world.records[record] as ModelRecord;
  const isShown =
    visibility === 'public' || owner === member || (visibility === 'controlled' && isAbove(world, role, ownerRole));
  return isShown && holds(world, role, 'deal:read') && holds(world, role, `deal:${verb}`);
}
