import { folded, lettersOf, novelty, spelledOut, WORD } from './guessable.js';

/** What somebody hangs on to a common password must be less than this, or it is a password of its own. */
const DECORATION = 8;

/** The bundled list of about 50,000. No pod needs its 10 MB, or the 50 ms that it takes, before a password is set. */
export class CommonPasswords {
  private list?: Promise<ReadonlySet<string>>;

  /** Whether a password is one of them: as it is, doubled, with "4" for "a", or with digits and signs hung on to it. */
  async include(password: string): Promise<boolean> {
    const list = await (this.list ??= load());
    return [...formsOf(folded(password))].some((form) => form.length >= WORD && list.has(form));
  }
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map(folded));
}

function formsOf(whole: string): Set<string> {
  const words = whole.replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  const trimmed = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const decoration = whole.replace(/[\p{L}\p{M}\p{So}]/gu, '');
  const bare = novelty(decoration) < DECORATION ? [trimmed, lettersOf(whole)] : [];
  const forms = [whole, words, ...bare].flatMap((form) => [form, spelledOut(form)]);
  return new Set(forms.flatMap((form) => [form, halved(form)]));
}

/** "passwordpassword" is "password". */
const halved = (text: string): string => text.replace(/^(.+?)\1+$/su, '$1');
