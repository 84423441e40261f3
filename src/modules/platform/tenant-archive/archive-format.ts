import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';

/*
 * An archive is a tar (POSIX.1-2001, pax) within gzip (RFC 1952), entries in this order:
 *
 *     format.json                            {"format":"ringfence-tenant-1"}
 *     tables/<schema>.<table>/<n>.ndjson     rows, an object a line; each value as PostgreSQL writes it, a text or null
 *     files/<object key>                     bytes; pax records RINGFENCE.sha256 and RINGFENCE.type
 *     audit/ringfence-audit-verify.mjs       the verifier of the tenant's audit log
 *     manifest.json                          Manifest; without it, the archive was cut
 */
export const FORMAT = 'ringfence-tenant-1';
export const FIRST = 'format.json';
export const LAST = 'manifest.json';
export const VERIFIER = 'audit/ringfence-audit-verify.mjs';
export const PAX_SHA256 = 'RINGFENCE.sha256';
export const PAX_TYPE = 'RINGFENCE.type';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  tenant: z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string() }),
  /** RFC 3339, UTC */
  exportedAt: z.iso.datetime(),
  /** the last migration that ran */
  schemaVersion: z.string(),
  /** in the order of the archive; SHA-256 of all lines of the table */
  tables: z.array(z.strictObject({ name: z.string(), rows: count, bytes: count, sha256 })),
  /** SHA-256 of a line for each: key, size, SHA-256, with a blank between them */
  files: z.strictObject({ count, bytes: count, sha256 }),
  /** keys of objects that the store did not have, or had in another size: their rows are there */
  missing: z.array(z.string()),
  /** which keys signed the log (docs/audit-format.md), and how many of its rows have a number */
  audit: z.strictObject({ keys: z.array(z.string()), size: count }),
  verifier: z.strictObject({ sha256 }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Counts and hashes what goes by. */
export class Tally {
  count = 0;
  bytes = 0;
  private readonly hash: Hash = createHash('sha256');

  add(chunk: Uint8Array, count = 0): void {
    this.hash.update(chunk);
    this.bytes += chunk.byteLength;
    this.count += count;
  }

  digest(): string {
    return this.hash.copy().digest('hex');
  }
}

/** One file's line in the sum over all files. */
export const fileLine = (key: string, size: number, sha256: string): Buffer =>
  Buffer.from(`${key} ${size} ${sha256}\n`);
