import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { isAtBoot } from '../../src/modules/doctor/check.js';
import { CHECKS } from '../../src/modules/doctor/checks/index.js';

const UNUSED = { id: 'allowance-unused', title: 'An allowance matches nothing', severity: 'FIX', asks: 'any' } as const;
const ASKED = {
  app: 'asked as ringfence_app',
  service: 'asked as ringfence_service',
  any: 'asked of allowed.ts',
} as const;

describe('docs/doctor', () => {
  it('has a page for each check, and no other', () => {
    const pages = readdirSync('docs/doctor').filter((file) => file !== 'README.md');
    expect(pages.sort()).toEqual([...CHECKS, UNUSED].map(({ id }) => `${id}.md`).sort());
  });

  it.each([...CHECKS, UNUSED])('$id says what the check says, how to mend it and how to allow it', (check) => {
    const { id, title, severity, asks } = check;
    const boot = asks !== 'any' && isAtBoot(check) ? ', and at every start' : '';
    const text = readFileSync(`docs/doctor/${id}.md`, 'utf8');
    expect(text.split('\n').slice(0, 3)).toEqual([`# ${title}`, '', `\`${id}\` · ${severity} · ${ASKED[asks]}${boot}`]);
    expect(text.match(/^## .*$/gm)).toEqual([
      '## What it looks for',
      '## Why',
      '## How to mend it',
      '## How to allow it',
    ]);
  });

  it('lists them in its README, in the order of the report', () => {
    const cells = readFileSync('docs/doctor/README.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ['));
    const rows = cells.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(rows).toEqual([
      ...CHECKS.map((check) => {
        const asked = isAtBoot(check) ? 'at every start' : `as ringfence_${check.asks}`;
        return [`[${check.id}](${check.id}.md)`, check.severity, asked, check.title];
      }),
      [`[${UNUSED.id}](${UNUSED.id}.md)`, UNUSED.severity, '', UNUSED.title],
    ]);
  });
});
