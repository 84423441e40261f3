import { Injectable } from '@nestjs/common';
import { DomainError, unprocessable } from '../../../errors/index.js';

/** Whose password it is to be, and what else they sign in with. */
export interface PasswordContext {
  email: string;
  fullName?: string;
  /** names and slugs of their tenants */
  tenants?: readonly string[];
  /** whether a second factor is asked for beside it */
  hasFactor: boolean;
}

/** Characters are Unicode code points, after normalisation. */
export const MIN_ALONE = 15;
export const MIN_BESIDE_A_FACTOR = 8;
export const MAX_PASSWORD = 128;

const PRODUCT = 'ringfence';
const WORD = 4;
/** What must be left of a password when the words that anybody could guess here are taken out. */
const LEFT = 8;
/** What must be left when repetition and runs are taken out. */
const NOVEL = 5;

/** The letters of a text, folded: what a guesser would vary does not count. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * What may be a password (NIST SP 800-63B-4 section 3.1.1.2, ASVS 5.0 section 6.2): length, and not one that is tried
 * first. No rules of composition.
 */
@Injectable()
export class PasswordPolicy {
  private common?: Promise<ReadonlySet<string>>;

  /** Whether a password is long enough to be the only factor. */
  standsAlone(password: string): boolean {
    return lengthOf(password) >= MIN_ALONE;
  }

  /** @throws DomainError 422 `password_too_short`, `password_too_long`, `password_common` or `password_guessable` */
  async assertGood(password: string, context: PasswordContext, field = 'password'): Promise<void> {
    const least = context.hasFactor ? MIN_BESIDE_A_FACTOR : MIN_ALONE;
    const length = lengthOf(password);
    if (length < least)
      throw refusal(field, 'password_too_short', `Use ${least} characters or more; a few words will do.`);
    if (length > MAX_PASSWORD) throw refusal(field, 'password_too_long', `Use ${MAX_PASSWORD} characters at most.`);
    if (await this.isCommon(password))
      throw refusal(
        field,
        'password_common',
        'This password is on the lists that guessers begin with. Choose another.',
      );
    if (isGuessable(password, context))
      throw refusal(
        field,
        'password_guessable',
        'This password is made of what anybody knows here, or repeats itself. Add words of your own.',
      );
  }

  /** As it is, and without the digits and signs that people hang on to a common one. */
  private async isCommon(password: string): Promise<boolean> {
    this.common ??= commonPasswords();
    const list = await this.common;
    const whole = folded(password);
    const bare = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
    return [whole, collapsed(whole), bare, collapsed(bare)].some((one) => one.length >= WORD && list.has(one));
  }
}

/** Loaded with the first password that is set: about 50,000 words that no pod needs at its start. */
async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
}

/** Repetition, runs, or nothing of one's own beside words that anybody could guess here. */
function isGuessable(password: string, context: PasswordContext): boolean {
  const whole = folded(password);
  if (novelty(whole) < NOVEL) return true;
  const rest = wordsOf(context).reduce((left, word) => left.replaceAll(word, ''), lettersOf(whole));
  return rest !== lettersOf(whole) && novelty(rest) < LEFT;
}

/** Every word of the context of four letters and more, forwards and backwards, the longest first. */
function wordsOf({ email, fullName = '', tenants = [] }: PasswordContext): string[] {
  const texts = [PRODUCT, email, fullName, ...tenants].map(folded);
  const words = texts.flatMap((text) => [lettersOf(text), ...text.split(/[^\p{L}\p{N}]+/u)]);
  const long = [...new Set(words)].filter((word) => word.length >= WORD);
  return long.flatMap((word) => [word, Array.from(word).reverse().join('')]).sort((a, b) => b.length - a.length);
}

/** Length of a text in which repetition counts once and runs ("abcd", "9876") hardly at all. */
function novelty(text: string): number {
  const once = Array.from(collapsed(text), (character) => character.codePointAt(0) ?? 0);
  const runs = once.filter((code, n) => {
    const step = code - (once[n - 1] ?? NaN);
    return Math.abs(step) === 1 && step === (once[n - 1] ?? NaN) - (once[n - 2] ?? NaN);
  });
  return once.length - runs.length;
}

/** "passwordpassword" is "password" twice. */
const collapsed = (text: string): string => text.replace(/(.{1,32}?)\1+/gsu, '$1');

const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

const lengthOf = (password: string): number => Array.from(password.normalize('NFC')).length;

const refusal = (field: string, code: string, message: string): DomainError =>
  unprocessable(code, message, [{ field, message }]);
