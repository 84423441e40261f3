import { newKey } from '../../src/modules/api-keys/key-text.js';
import { capabilityHash, capabilityOf } from '../../src/modules/identity/index.js';
import type { TestDatabase } from './database.js';
import { withAdmin } from './jobs.js';
import type { Person, Tenant } from './world.js';

export interface PlantedKey {
  id: string;
  /** as it is sent */
  key: string;
  /** as the database receives it */
  cap: string;
}

interface Wish {
  /** from now on, an interval; negative: it has expired */
  life?: string;
  requestsPerMinute?: number;
}

/** A key that lives, planted past the fence and past every function that makes one. */
export async function plantKey(
  db: TestDatabase,
  tenant: Tenant,
  person: Person,
  permissions: readonly string[],
  { life = '1 day', requestsPerMinute }: Wish = {},
): Promise<PlantedKey> {
  const { text, publicId } = newKey('dev');
  const cap = capabilityOf(text);
  const [made] = await withAdmin<{ id: string }>(
    db,
    `with k as (
       insert into app.api_keys (tenant_id, name, public_id, user_id, created_by, permissions, expires_at, requests_per_minute, created_at)
         values ($1, 'planted', $2, $3, $3, $4, now() + $5::interval, $6, now() - interval '10 days') returning *),
     s as (insert into auth.key_secrets (hash, tenant_id, key_id, expires_at) select $7, tenant_id, id, expires_at from k)
     select id from k`,
    [tenant.id, publicId, person.id, permissions, life, requestsPerMinute ?? null, capabilityHash(cap)],
  );
  await withAdmin(
    db,
    `insert into auth.capabilities (hash, key_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, scopes, expires_at)
       select $1, k.id, m.user_id, m.tenant_id, m.role_id, m.status, m.tenant_status, m.tenant_min_aal, 1, k.permissions, k.expires_at
         from app.api_keys k join app.memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id where k.id = $2`,
    [capabilityHash(cap), made?.id],
  );
  return { id: made?.id ?? '', key: text, cap };
}
