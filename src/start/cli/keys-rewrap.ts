import { type KeyRing, KeyRingError } from '../../config/index.js';
import type { AuthDb } from '../../database/index.js';
import { boundTo as boundToKid } from '../../modules/identity/keys/key-store.js';
import type { Invocation } from './command.js';
import { PlatformActions } from '../../modules/platform/index.js';
import { recordKeys, ringOf, withAuthDb } from './keys-access.js';

/** A column that holds what the key ring encrypted. Names of identifiers: ours, never typed by anybody. */
export interface EncryptedColumn {
  table: string;
  key: string;
  column: string;
  /** what a row's ciphertext belongs to; its feature encrypts it under the same name */
  boundTo: (key: string) => string;
}

/** Every such column. A new one is added here: `keys rewrap` refuses to call the work done while it finds another. */
export const ENCRYPTED_COLUMNS: readonly EncryptedColumn[] = [
  { table: 'auth.signing_keys', key: 'kid', column: 'private_key_encrypted', boundTo: boundToKid },
  { table: 'auth.mail_outbox', key: 'id', column: 'values_encrypted', boundTo: (id) => `mail:${id}` },
  { table: 'auth.factors', key: 'id', column: 'totp_secret_encrypted', boundTo: (id) => `totp:${id}` },
  { table: 'auth.webhook_secrets', key: 'id', column: 'secret_encrypted', boundTo: (id) => `webhook:${id}` },
];

interface Row {
  key: string;
  sealed: string;
}

interface Counts {
  rewrapped: number;
  /** encrypted with a key that the ring lacks, or changed */
  unreadable: number;
  /** still under another key when all was done: somebody encrypts with an older ring */
  left: number;
}

const AT_ONCE = 200;

/**
 * `keys rewrap`: encrypts with the current key of the ring what is encrypted with an older one. Row by row, so that
 * nobody waits; safe to repeat, and to run while servers do. @returns 1 when something is left under another key
 */
export async function keysRewrap({ env, out }: Invocation): Promise<number> {
  const ring = await ringOf(env);
  return withAuthDb(env, async (db) => {
    const there = await encryptedColumns(db);
    const to = { keyId: ring.currentId };
    await db.transaction((tx) => recordKeys(tx, PlatformActions.secretsRewrapped, to)); // first: it goes row by row
    let sound = true;
    for (const one of ENCRYPTED_COLUMNS.filter((column) => there.delete(nameOf(column)))) {
      const { rewrapped, unreadable, left } = await rewrap(db, ring, one);
      sound &&= left === 0;
      const broken = unreadable > 0 ? `, ${unreadable} cannot be decrypted with this ring` : '';
      out(`${nameOf(one).padEnd(40)} ${rewrapped} rewrapped, ${left} left under another key${broken}`);
    }
    for (const name of there) out(`${name.padEnd(40)} is not known to this version: not touched`);
    const done = sound && there.size === 0;
    out(
      done
        ? `Everything is encrypted with ${ring.currentId}. Keys that are not current can go from the file, once no backup needs them, and seven days after the change: invitations from before it are void without them.`
        : 'Remove no key from the ring: it is still needed.',
    );
    return done ? 0 : 1;
  });
}

const nameOf = ({ table, column }: EncryptedColumn): string => `${table}.${column}`;

/** By their name, which ends in `_encrypted`: a column that somebody forgot to list is found as well. */
async function encryptedColumns(db: AuthDb): Promise<Set<string>> {
  const rows = await db.query<{ name: string }>(
    `select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attname like '%\\_encrypted' and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
        and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
      order by 1`,
  );
  return new Set(rows.map(({ name }) => name));
}

async function rewrap(db: AuthDb, ring: KeyRing, one: EncryptedColumn): Promise<Counts> {
  const counts: Counts = { rewrapped: 0, unreadable: 0, left: 0 };
  for (let after = ''; ;) {
    const rows = await underOtherKeys(db, ring, one, after);
    for (const { key, sealed } of rows) {
      const anew = again(ring, sealed, one.boundTo(key));
      if (anew === undefined) counts.unreadable += 1;
      else counts.rewrapped += await replace(db, one, key, sealed, anew);
    }
    const last = rows.at(-1);
    if (!last) break;
    after = last.key;
  }
  counts.left = await leftUnderOtherKeys(db, ring, one);
  return counts;
}

const otherKey = (column: string): string => `split_part(${column}, '.', 1) <> $1`;

const underOtherKeys = (db: AuthDb, ring: KeyRing, one: EncryptedColumn, after: string): Promise<Row[]> =>
  db.query<Row>(
    `select ${one.key}::text as key, ${one.column} as sealed from ${one.table}
      where ${otherKey(one.column)} and ${one.key}::text > $2 order by ${one.key}::text limit ${AT_ONCE}`,
    [ring.currentId, after],
  );

async function leftUnderOtherKeys(db: AuthDb, ring: KeyRing, { table, column }: EncryptedColumn): Promise<number> {
  const sql = `select count(*)::int as left from ${table} where ${otherKey(column)}`;
  const [row] = await db.query<{ left: number }>(sql, [ring.currentId]);
  return row?.left ?? 0;
}

/** Not if the row was changed or removed meanwhile. @returns how many rows were changed: 0 or 1 */
async function replace(db: AuthDb, one: EncryptedColumn, key: string, old: string, anew: string): Promise<number> {
  const rows = await db.query(
    `update ${one.table} set ${one.column} = $3 where ${one.key} = $1 and ${one.column} = $2 returning 1 as changed`,
    [key, old, anew],
  );
  return rows.length;
}

function again(ring: KeyRing, sealed: string, bound: string): string | undefined {
  try {
    return ring.encrypt(ring.decrypt(sealed, bound), bound);
  } catch (error) {
    if (error instanceof KeyRingError) return undefined;
    throw error;
  }
}
