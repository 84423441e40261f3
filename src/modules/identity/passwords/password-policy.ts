import { Injectable } from '@nestjs/common';
import type { DomainError, Refusal } from '../../../errors/index.js';
import { passwordCommon, passwordGuessable, passwordTooLong, passwordTooShort } from '../identity.problems.js';
import { CommonPasswords } from './common-passwords.js';
import { folded, lettersOf, novelty, spelledOut, wordsOf } from './guessable.js';

/** Whose password it is to be, and what else they sign in with. */
export interface PasswordContext {
  email: string;
  fullName?: string;
  /** names and slugs of their tenants */
  tenants?: readonly string[];
  /** whether a second factor is asked for beside it */
  hasFactor: boolean;
}

/** Characters are Unicode code points, after normalisation to NFC. */
const MIN_ALONE = 15;
const MIN_BESIDE_A_FACTOR = 8;
const MAX = 128;

const PRODUCT = 'ringfence';
/** What must be left of a password when the words that anybody could guess here are taken out. */
const LEFT = 8;
/** What must be left of any password when repetition and runs are taken out. */
const NOVEL = 6;

/**
 * What may be a password (NIST SP 800-63B-4 section 3.1.1.2, ASVS 5.0 section 6.2): length, and none that is tried first.
 * No rules of composition.
 */
@Injectable()
export class PasswordPolicy {
  private readonly common = new CommonPasswords();

  /** Whether a password is long enough to be the only factor. */
  standsAlone(password: string): boolean {
    return lengthOf(password) >= MIN_ALONE;
  }

  /**
   * @param field what the request calls it, for `errors`
   * @throws DomainError 422 `password_too_short`, `password_too_long`, `password_common` or `password_guessable`
   */
  async check(password: string, context: PasswordContext, field = 'password'): Promise<void> {
    const length = lengthOf(password);
    const least = context.hasFactor ? MIN_BESIDE_A_FACTOR : MIN_ALONE;
    if (length < least) throw refusal(passwordTooShort, field, `Use ${least} characters or more; a few words will do.`);
    if (length > MAX) throw refusal(passwordTooLong, field, `Use ${MAX} characters at most.`);
    if (await this.common.include(password))
      throw refusal(passwordCommon, field, 'Choose a few words that have nothing to do with each other.');
    if (isGuessable(password, context))
      throw refusal(passwordGuessable, field, 'Add words that are not your name, your company’s or this product’s.');
  }
}

function isGuessable(password: string, { email, fullName = '', tenants = [] }: PasswordContext): boolean {
  const whole = folded(password);
  if (novelty(whole) < NOVEL) return true;
  const words = wordsOf([PRODUCT, email, fullName, ...tenants].map(folded));
  return [whole, spelledOut(whole)].some((text) => isMadeOf(words, text));
}

/** Whether nothing of one's own is left beside such words. A passphrase that merely contains one is fine. */
function isMadeOf(words: readonly string[], text: string): boolean {
  const letters = lettersOf(text);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), letters);
  return rest !== letters && novelty(rest) < LEFT;
}

/** @param message what to do instead */
const refusal = (refuse: Refusal<422>, field: string, message: string): DomainError =>
  refuse(undefined, { errors: [{ field, message }] });

const lengthOf = (password: string): number => Array.from(password.normalize('NFC')).length;
