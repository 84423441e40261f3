import type { UnfencedClient } from '../../../database/service-client.js';
import { ArchiveError } from './archive-error.js';
import type { Manifest } from './archive-format.js';
import { arrayOf } from './row-writer.js';

/** @throws ArchiveError where an address of the archive belongs to another account here: it may be another person */
export async function assertPeopleFit(client: UnfencedClient, lines: Buffer): Promise<void> {
  const others = await client.query<{ email: string; id: string }>(
    `select u.email, u.id from json_array_elements($1::json) r join auth.users u on u.email = r ->> 'email'
      where u.id <> (r ->> 'id')::uuid order by 1 limit 10`,
    [arrayOf(lines)],
  );
  if (others.length === 0) return;
  throw new ArchiveError(
    `Nothing was imported: accounts here have addresses of members who come, under another id:\n${others
      .map(({ email, id }) => `  ${email} (${id})`)
      .join('\n')}\nChange the address of one of the two, or remove the account here if nobody uses it.`,
  );
}

/** @throws ArchiveError for a permission that this installation has not declared */
export async function assertPermissionsKnown(client: UnfencedClient, lines: Buffer): Promise<void> {
  const unknown = await client.query<{ code: string }>(
    `select distinct r ->> 'permission' as code from json_array_elements($1::json) r
      where not exists (select from auth.permissions p where p.code = r ->> 'permission') order by 1 limit 10`,
    [arrayOf(lines)],
  );
  if (unknown.length === 0) return;
  throw new ArchiveError(
    `Nothing was imported: roles hold permissions that are not known here: ${unknown.map(({ code }) => code).join(', ')}. ` +
      'A server declares them when it starts: start one of the version that the archive was made with, then import.',
  );
}

/** @throws ArchiveError where the archive is of another schema */
export function assertSchema({ schemaVersion }: Manifest, here: string): void {
  if (schemaVersion === here) return;
  throw new ArchiveError(
    `Nothing was imported: the archive was made at ${schemaVersion}, and this database is at ${here}. ` +
      'Bring both installations to the same version (`db migrate`), and export again if it is the archive that is older.',
  );
}

/** @throws ArchiveError where the tenant, or its slug, is there */
export async function assertFree(client: UnfencedClient, { id, slug }: Manifest['tenant']): Promise<void> {
  const [there] = await client.query<{ id: string }>('select id from app.tenants where id = $1 or slug = $2', [
    id,
    slug,
  ]);
  if (!there) return;
  throw new ArchiveError(
    there.id === id
      ? `Nothing was imported: the tenant ${slug} is here already.`
      : `Nothing was imported: another tenant here has the slug ${slug}.`,
  );
}
