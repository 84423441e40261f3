import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What the pages for auditors name is there, and what they say is nowhere is nowhere. */

const PAGES = ['docs/threat-model.md', 'docs/asvs.md', 'docs/inventory.md'];
const page = (path: string): string => readFileSync(path, 'utf8');
const words = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');

/** Rows of the tables whose last column is called so. */
function rowsUnder(text: string, ...last: string[]): string[][] {
  const found: string[][] = [];
  let within = false;
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1).map((cell) => cell.trim()) : []; // prettier-ignore
    if (cells.length === 0) within = false;
    else if (last.includes(cells.at(-1) ?? '')) within = true;
    else if (within && !/^-+$/.test(cells[0] ?? '')) found.push(cells);
  }
  return found;
}

const isTest = (path: string): boolean => existsSync(`test/${path}.spec.ts`) || existsSync(`test/${path}.ts`);

/** How headings are linked to. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** For each section of ASVS 5.0.0, how many of its requirements are of level 1 or 2: they come first. */
const ASVS: Record<number, number[]> = {
  1: [2, 9, 11, 3, 2],
  2: [3, 3, 4, 1],
  3: [0, 2, 4, 6, 5, 0, 2],
  4: [3, 1, 2, 4],
  5: [1, 3, 2, 3],
  6: [3, 12, 4, 4, 5, 3, 0, 4],
  7: [3, 4, 2, 5, 2, 2],
  8: [2, 3, 1, 1],
  9: [3, 4],
  10: [2, 2, 4, 11, 5, 2, 3],
  11: [2, 3, 3, 4, 1, 1, 0],
  12: [3, 2, 4],
  13: [1, 5, 2, 5],
  14: [2, 4, 3],
  15: [3, 3, 7, 0],
  16: [1, 5, 4, 3, 3],
};
const required = (chapter: string): string[] =>
  (ASVS[Number(chapter)] ?? []).flatMap((many, at) =>
    Array.from({ length: many }, (_, n) => `${chapter}.${at + 1}.${n + 1}`),
  );

/** "6.2.2, 6.2.3", "16.5.1 to 16.5.4", "6.8" for all of a section. */
function covered(cell: string): string[] {
  return cell.split(',').flatMap((part) => {
    const [first = '', last = first] = part.replace('(L3)', '').trim().split(' to ');
    const [chapter, section, from] = first.split('.');
    if (from === undefined) return required(chapter ?? '').filter((id) => id.startsWith(`${first}.`));
    const to = Number(last.split('.')[2]);
    return Array.from({ length: to - Number(from) + 1 }, (_, n) => `${chapter}.${section}.${Number(from) + n}`);
  });
}

describe.each(PAGES)('%s', (path) => {
  const text = page(path);

  it('names tests that there are', () => {
    const named = rowsUnder(text, 'test', 'shown by').flatMap((cells) => words(cells.at(-1) ?? ''));
    expect(named.filter((one) => !isTest(one))).toEqual([]);
    if (path !== 'docs/inventory.md') expect(named.length).toBeGreaterThan(50);
  });

  it('names files that there are, and tests elsewhere', () => {
    const files = words(text).filter((word) =>
      /^(src|migrations|test|docs|docker|scripts|examples)\/[\w./-]+$/.test(word),
    );
    expect(files.filter((file) => !existsSync(file) && !isTest(file))).toEqual([]);
    const prose = text.split('\n').filter((line) => !line.startsWith('|')).flatMap(words); // prettier-ignore
    const folders = globSync('test/*/').map((folder) => folder.replace(/^test\/|\/$/g, ''));
    const tests = prose.filter((word) => folders.includes(word.split('/')[0] ?? '') && word.includes('/'));
    expect(tests.filter((one) => !isTest(one))).toEqual([]);
  });

  it('links to pages and headings that there are', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '').filter((link) => !/^https?:/.test(link)); // prettier-ignore
    const dead = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join('docs', file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && ![...page(target).matchAll(/^#+ (.+)$/gm)].some(([, heading]) => anchorOf(heading ?? '') === anchor); // prettier-ignore
    });
    expect(dead).toEqual([]);
  });
});

describe('docs/asvs.md', () => {
  const chapters = page('docs/asvs.md').split(/^## (?=\d+ )/m).slice(1); // prettier-ignore

  it('has every chapter, in order', () => {
    expect(chapters.map((chapter) => Number.parseInt(chapter, 10))).toEqual(Object.keys(ASVS).map(Number));
  });

  it.each(Object.keys(ASVS))('has a line for each requirement of chapter %s', (chapter) => {
    const rows = rowsUnder(chapters[Number(chapter) - 1] ?? '', 'test');
    const named = rows.flatMap(([ids = '']) => covered(ids));
    expect(named.filter((id) => !id.startsWith(`${chapter}.`))).toEqual([]);
    expect(required(chapter).filter((id) => !named.includes(id))).toEqual([]);
    expect(named.filter((id, at) => named.indexOf(id) !== at)).toEqual([]);
  });

  it('has rows in its further tables that are in its chapters', () => {
    const ids = new Set(
      chapters.flatMap((chapter) => rowsUnder(chapter, 'test').flatMap(([cell = '']) => covered(cell))),
    );
    const pointed = rowsUnder(page('docs/asvs.md'), 'row').flatMap((cells) => covered(cells.at(-1) ?? ''));
    expect(pointed.length).toBeGreaterThan(15);
    expect(pointed.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('what the pages say is nowhere', () => {
  const sources = globSync('src/**/*.{ts,mjs,js,html}', { exclude: ['**/*.spec.ts'] }).map(
    (path) => [path, page(path)] as const,
  );
  const where = (pattern: RegExp): string[] => sources.filter(([, text]) => pattern.test(text)).map(([path]) => path);

  it.each([
    ['a shell', /\bexec(Sync)?\(\s*['"`]|shell:\s*true/],
    ['text that is run', /\beval\(|new Function\(|from 'node:vm'/],
    ['HTML made of text', /\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write\(/],
    [
      'a browser’s storage, a window’s messages',
      /\b(local|session)Storage\b|indexedDB|addEventListener\(\s*'message'|postMessage\(/,
    ],
    ['a weak hash or cipher', /['"`](md5|sha1|des[-\w]*|rc4|aes-\d+-ecb)['"`]/i],
    ['a certificate that is not looked at', /rejectUnauthorized:\s*false/],
    ['a lenient reader of HTTP', /insecureHTTPParser/],
  ])('%s', (_, pattern) => {
    expect(where(pattern)).toEqual([]);
  });

  it('a guessable number, but for pauses that are drawn apart', () => {
    expect(where(/Math\.random/)).toEqual(['src/modules/webhooks/sending/schedule.ts']);
  });

  it('a pattern made of input: those that are put together, are of constants', () => {
    const made = sources.flatMap(([, text]) => [...text.matchAll(/new RegExp\((.*)\)/g)].map(([, of]) => of));
    expect(made.filter((of) => of?.replace(/\$\{UUID\}/g, '').includes('${') ?? true)).toEqual([]);
  });

  it('a library without its hash', () => {
    const { packages } = JSON.parse(page('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };
    const bare = Object.entries(packages).filter(([path, { integrity, link }]) => path !== '' && !integrity && !link);
    expect(bare.map(([path]) => path)).toEqual([]);
  });
});
