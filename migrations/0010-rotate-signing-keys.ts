import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a new signing key must be known to every server, and to whoever caches the JWK Set, before the first token bears
 * it, and the old one must be known until its last token has expired. So a key has two times: not_before, when it begins
 * to sign, and retired_at, which may lie ahead. Both are the database's clock: of many servers none has a clock of its
 * own. And a key of the key ring that encrypted private keys can be replaced, so the ciphertext may be written anew.
 */
export class RotateSigningKeys1764000000010 implements MigrationInterface {
  name = 'RotateSigningKeys1764000000010';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table auth.signing_keys add column not_before timestamptz not null default now();
      grant update (private_key_encrypted) on auth.signing_keys to ringfence_auth;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      revoke update (private_key_encrypted) on auth.signing_keys from ringfence_auth;
      alter table auth.signing_keys drop column not_before;
    `);
  }
}
