import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

const CODES = 10;
const BYTES = 15;
/** Crockford's base32: nothing in it is mistaken for something else */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What became of a code that somebody gave. */
export type CodeOutcome = 'right' | 'wrong' | 'used';

/**
 * Look-up secrets for the day the phone is lost (NIST SP 800-63B-4 section 3.1.2). 120 random bits each, so that a plain
 * hash keeps them (ASVS 6.5.2); shown once, good once.
 */
@Injectable()
export class RecoveryCodes {
  constructor(private readonly db: AuthDb) {}

  /** Ten new ones; those from before are void. @returns the codes, as people write them down */
  async renew(tx: AuthTransaction, userId: string): Promise<string[]> {
    await this.discard(tx, userId);
    const codes = Array.from({ length: CODES }, newCode);
    await tx.query(
      'insert into auth.recovery_codes (hash, user_id) select code, $2::uuid from unnest($1::bytea[]) code',
      [codes.map(hashOf), userId],
    );
    return codes;
  }

  async discard(tx: AuthTransaction, userId: string): Promise<void> {
    await tx.query('delete from auth.recovery_codes where user_id = $1', [userId]);
  }

  async left(userId: string, tx: AuthTransaction = this.db): Promise<number> {
    const [row] = await tx.query<{ n: number }>(
      'select count(*)::int as n from auth.recovery_codes where user_id = $1 and used_at is null',
      [userId],
    );
    return row?.n ?? 0;
  }

  /**
   * Uses it up: of many uses at once, one finds it. Case and whatever stands between its characters do not matter.
   * @returns `used` when another request used it while this one waited; once its row is gone, it is like any wrong one
   */
  async use(tx: AuthTransaction, userId: string, code: string): Promise<CodeOutcome> {
    const key = [userId, hashOf(code)];
    const used = await tx.query(
      'update auth.recovery_codes set used_at = now() where user_id = $1 and hash = $2 and used_at is null returning hash',
      key,
    );
    if (used.length > 0) return 'right';
    const seen = await tx.query('select from auth.recovery_codes where user_id = $1 and hash = $2', key);
    return seen.length > 0 ? 'used' : 'wrong';
  }
}

/** 24 characters of five bits each, in groups of six. */
function newCode(): string {
  const bits = [...randomBytes(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[parseInt(five, 2)]).join('');
  return (characters.match(/.{6}/g) ?? []).join('-');
}

const hashOf = (code: string): Buffer => createHash('sha256').update(canonical(code)).digest();

/** As the alphabet's author has it read: I and L are a one, O is a zero. */
function canonical(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
}
