import { randomInt } from 'node:crypto';
import type { Client } from 'pg';
import type { Row } from './plant-values.js';

/** The tenant that a row is planted in. */
export interface Place {
  tenantId: string;
  /** a row of another table there, found or planted */
  parent: (table: string, where: Row) => Promise<Row>;
}

/** What the catalogue does not say of a table's rows. */
export interface Override {
  reason: string;
  /** values that go before what is drawn */
  values?: (place: Place) => Promise<Row>;
  /** rows that it cannot be without; runs behind it */
  also?: (admin: Client, row: Row) => Promise<unknown>;
}

export const OVERRIDES: Readonly<Record<string, Override>> = {
  'app.files': {
    reason: 'what it hangs at is named by a word and an id; and a file without a version is none',
    async values({ parent }) {
      const { id } = await parent('app.deals', { visibility: 'public' });
      return { resource_type: 'deal', resource_id: id ?? null };
    },
    also: (admin, { tenant_id, id }) =>
      admin.query(
        `insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, created_by)
           select t, f, 1, 'text/plain', 1, repeat('0', 64), concat_ws('/', t, f, 'u'), concat_ws('/', t, f, 'o'), t
             from (select $1::uuid, $2::uuid) x (t, f)`,
        [tenant_id, id],
      ),
  },
  'app.file_versions': {
    reason: 'its keys in the store begin with its tenant and its file',
    async values({ tenantId, parent }) {
      const { id } = await parent('app.files', {});
      const number = String(randomInt(2, 1000)); // the first is there
      const key = `${tenantId}/${id}/${number}`;
      return { file_id: id ?? null, number, upload_key: `${key}-u`, object_key: `${key}-o` };
    },
  },
  'app.roles': {
    reason: 'a role stands below another one, at the COMMIT',
    also: (admin, { tenant_id, id }) =>
      admin.query(
        `insert into app.role_edges (tenant_id, parent_id, child_id)
           select tenant_id, id, $2 from app.roles where tenant_id = $1 and is_root`,
        [tenant_id, id],
      ),
  },
  'auth.factors': {
    reason: 'it has the columns of its type and no others',
    values: () => Promise.resolve({ type: 'totp', totp_secret_encrypted: 'x' }),
  },
};

/** Tables whose rows are nobody's and which the application reads, with the reason. It writes none of them. */
export const NOT_A_TENANTS: Readonly<Record<string, string>> = {
  'meta.migrations': 'the names of the migrations that ran: a server that waits for more does not start',
};
