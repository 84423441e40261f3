import type { StandardRole } from '../../route/index.js';

/** The demo's tenants and what they sell. Invented. */
export const TENANTS = [
  { slug: 'acme', name: 'Acme Corporation', goods: ['Anvils', 'Rocket skates', 'Giant magnets', 'Portable holes'] },
  { slug: 'globex', name: 'Globex International', goods: ['Turbines', 'Weather stations', 'Cooling towers', 'Domes'] },
] as const;

export const CUSTOMERS = [
  'Northwind', 'Contoso', 'Initech', 'Umbrella Trading', 'Stark Supplies', 'Wayne Estates', 'Hooli', 'Vandelay', 'Wonka', 'Tyrell',
]; // prettier-ignore

export const NAMES: Record<string, Record<StandardRole, string>> = {
  acme: { owner: 'Olivia Ames', admin: 'Adam Ames', member: 'Mona Ames', viewer: 'Viktor Ames' },
  globex: { owner: 'Otto Globe', admin: 'Ada Globe', member: 'Milan Globe', viewer: 'Vera Globe' },
};

/** Who has a second factor from the start: these are the roles that the rules ask it of. */
export const ENROLLED: readonly StandardRole[] = ['owner', 'admin'];

/** One person in both tenants: a member of the first, a viewer of the second. */
export const CONSULTANT = {
  email: 'consultant@example.com',
  fullName: 'Casey Consultant',
  roles: { acme: 'member', globex: 'viewer' } as Record<string, StandardRole>,
};

/** Runs the installation; belongs to no tenant. */
export const OPERATOR = { email: 'operator@ringfence.example', fullName: 'Opal Operator' };

export const emailOf = (role: StandardRole, slug: string): string => `${role}@${slug}.example`;
