import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { UnfencedClient } from '../../database/service-client.js';
import { newObjectKey, type StorageDriver } from '../../modules/storage/index.js';

const FILES_PER_TENANT = 6;
const CONTENT_TYPE = 'text/plain';

/** A short note at each of a tenant's first deals, by their owners. The bytes are there before the rows are committed. */
export async function seedFiles(client: UnfencedClient, store: StorageDriver, tenantId: string): Promise<void> {
  const deals = await client.query<{ id: string; title: string; ownerId: string }>(
    'select id, title, owner_id as "ownerId" from app.deals where tenant_id = $1 order by id limit $2',
    [tenantId, FILES_PER_TENANT],
  );
  let total = 0;
  for (const { id: dealId, title, ownerId } of deals) {
    const bytes = Buffer.from(`${title}\n\nCalled on Tuesday; they want it by the end of the quarter.\n`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const size = bytes.length;
    const [file] = await client.query<{ id: string }>(
      `insert into app.files (tenant_id, resource_type, resource_id, name, current, created_by)
       values ($1, 'deal', $2, 'Notes.txt', 1, $3) returning id`,
      [tenantId, dealId, ownerId],
    );
    const { id } = file as { id: string };
    const [uploadKey, objectKey] = [newObjectKey(tenantId, id), newObjectKey(tenantId, id)];
    await store.write(objectKey, Readable.from([bytes]), { contentType: CONTENT_TYPE, size, sha256 });
    await client.query(
      `insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, status, created_by, completed_at)
       values ($1, $2, 1, $3, $4, $5, $6, $7, 'ready', $8, now())`,
      [tenantId, id, CONTENT_TYPE, size, sha256, uploadKey, objectKey, ownerId],
    );
    total += size;
  }
  await client.query('insert into app.storage_usage (tenant_id, bytes) values ($1, $2)', [tenantId, total]);
}
