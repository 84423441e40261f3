/*
 * How a guesser sees a text: what is varied, repeated or runs on by itself adds nothing. All of it works on folded text.
 */

/** A word shorter than this says too little to be taken out, or to be looked up. */
export const WORD = 4;

/** The keys beside each other on the usual keyboards. The alphabet and the digits run by their code points. */
const ROWS = ['1234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm', 'zxcvbnm', 'yxcvbnm'];
const ADJACENT = new Set(ROWS.flatMap((row) => [...triples(row), ...triples(reversed(row))]));

const STANDS_FOR: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', '!': 'i', 3: 'e', 4: 'a', '@': 'a', 5: 's', $: 's', 7: 't' }; // prettier-ignore

/** One spelling of what reads the same: compatible forms and case. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** "p4$$w0rd" is "password". */
export const spelledOut = (text: string): string => text.replace(/[0134579!@$]/g, (sign) => STANDS_FOR[sign] ?? sign);

/** Without digits, spaces, punctuation and the signs of a keyboard. Emoji stay: there are as many as words. */
export const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{M}\p{So}]/gu, '');

/** "abcabcabc x" is "abc x". */
const once = (text: string): string => text.replace(/(.{1,32}?)\1+/gsu, '$1');

/** Characters of a text that the ones before do not foretell: repetition counts once, a run ("abcd", "poiu") for two. */
export function novelty(text: string): number {
  const characters = Array.from(once(text));
  return characters.filter((_, n) => !runsOn(characters.slice(Math.max(0, n - 2), n + 1))).length;
}

/** The words of texts, as they are and as letters alone, forwards and backwards, the longest first. */
export function wordsOf(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) =>
    [text, ...text.split(/[^\p{L}\p{M}\p{N}]+/u)].flatMap((one) => [one, lettersOf(one)]),
  );
  const long = [...new Set(words)].filter((word) => Array.from(word).length >= WORD);
  return long.flatMap((word) => [word, reversed(word)]).sort((a, b) => b.length - a.length);
}

function runsOn(three: readonly string[]): boolean {
  const [first = NaN, second = NaN, third = NaN] = three.map((character) => character.codePointAt(0));
  const step = third - second;
  return (Math.abs(step) === 1 && step === second - first) || ADJACENT.has(three.join(''));
}

function triples(row: string): string[] {
  return Array.from({ length: row.length - 2 }, (_, n) => row.slice(n, n + 3));
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}
