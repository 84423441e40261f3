import { readFile, writeFile } from 'node:fs/promises';
import type { Mutant, Outcome } from './mutant.js';

const FILE = 'docs/protections.md';
const HEAD = `# Protections, and what notices that one is gone

Each was taken out, alone, in a copy of the project; specs were run until one went red. Written by \`npm run test:mutation\`, which takes hours on two cores; \`-- --new\` tries what is new or not covered. Specs that merely compare the schema with what was written down do not count here.
`;
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** What the committed table says. */
export async function readTable(): Promise<Outcome[]> {
  const text = await readFile(FILE, 'utf8').catch(() => '');
  return [...text.matchAll(/^\| `(.+?)` \| (.+?) \|$/gm)].map(([, id = '', by = '']) => ({
    id: id.replaceAll('\\|', '|'),
    kind: id.slice(0, id.indexOf(':')),
    noticedBy: by === 'NOT COVERED' ? null : by,
  }));
}

/** A table a kind, of the protections that there are. */
export async function writeTable(all: readonly Mutant[], outcomes: ReadonlyMap<string, Outcome>): Promise<void> {
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const sections = kinds.map((kind) => {
    const rows = all.flatMap(({ id, kind: of }) => {
      const outcome = of === kind ? outcomes.get(id) : undefined;
      return outcome ? [`| \`${cell(id)}\` | ${outcome.noticedBy ?? 'NOT COVERED'} |`] : [];
    });
    return rows.length > 0
      ? `\n## ${kind} (${rows.length})\n\n| taken out | goes red |\n|---|---|\n${[...new Set(rows)].join('\n')}\n`
      : '';
  });
  await writeFile(FILE, HEAD + sections.join(''));
}
