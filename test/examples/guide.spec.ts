import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What docs/guides/extending.md shows is what runs: each block stands, line by line, in the file that is named above it. */

const GUIDE = readFileSync('docs/guides/extending.md', 'utf8');

interface Block {
  file: string;
  code: string;
}

/** Every block of code with the file that the last link to examples/ before it leads to. */
function blocks(): Block[] {
  let file = '';
  return [...GUIDE.matchAll(/\]\((\.\.\/\.\.\/examples\/[\w./-]+)\)|^```(?:ts|sql)\n([^]*?)^```$/gm)].flatMap(
    ([, link, code]) => {
      if (link) file = join('docs/guides', link);
      return code === undefined ? [] : [{ file, code }];
    },
  );
}

/** Without the indentation that all lines share. */
function flush(lines: string[]): string {
  const shared = Math.min(...lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(shared)).join('\n');
}

function stands({ file, code }: Block): boolean {
  const wanted = code.trimEnd().split('\n');
  // what begins a text or ends one shares its line with a quotation mark
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.replace(/;?`[;,]?$/, ';').replace(/;;$/, ';')); // prettier-ignore
  return lines.some((_, at) => flush(lines.slice(at, at + wanted.length)) === flush(wanted));
}

describe('docs/guides/extending.md', () => {
  it('shows a block of code for each seam, as it stands in examples/', () => {
    const all = blocks();
    expect(all.length).toBeGreaterThanOrEqual(15);
    expect(all.filter((block) => !stands(block))).toEqual([]);
  });

  it('has a section for each line of its table, and no other', () => {
    const listed = [...GUIDE.matchAll(/^\| \[([^\]]+)\]\(#([\w-]+)\)/gm)].map(([, name = '', anchor]) => [name.toLowerCase(), anchor]); // prettier-ignore
    const sections = [...GUIDE.matchAll(/^## (.+)$/gm)].map(([, title = '']) => [
      title.toLowerCase(),
      title.toLowerCase().replace(/['’]/g, '').replaceAll(' ', '-'),
    ]);
    expect(sections.toSorted()).toEqual(listed.toSorted());
  });

  it('links to what is there', () => {
    const links = [...GUIDE.matchAll(/\]\((\.\.[^)#]+)/g)].map(([, link = '']) => join('docs/guides', link));
    expect(links.filter((path) => !exists(path))).toEqual([]);
  });
});

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
