import { readFile, writeFile } from 'node:fs/promises';
import type { Mutant, Outcome } from './mutant.js';

const FILE = 'docs/protections.md';
const HEAD = `# Protections, and what notices that one is gone

Each was taken out, alone, in a copy of the project; specs of \`npm test\` and those beside them of \`npm run test:long\` were run until one went red, the likeliest first. Written by \`npm run test:mutation\`, which takes an hour or two on two cores; \`-- --new\` tries what is new or not covered.

- Specs that merely compare the schema with what was written down do not count here, and no server of the copy judges its database as it starts.
- A refusal, of a function of the database or in code, is noticed by none but a spec that reaches it: all are watched in one run first.
- Not here: attributes of roles and settings of the server, which are the whole server's (\`test/doctor/planted\` takes those out, one by one), primary keys, errors that are only thrown on, and what procedures of migrations refuse (\`integration/protect-table\`).
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
  const known = all.flatMap(({ id }) => outcomes.get(id) ?? []);
  const open = known.filter(({ noticedBy }) => noticedBy === null).length;
  const sum = `\n${known.length} of ${all.length} were tried; ${open} of them are not covered.\n`;
  await writeFile(FILE, HEAD + sum + sections.join(''));
}
