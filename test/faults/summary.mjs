import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HEADS = ['fault', 'what was done', 'requests', 'refused', 'longest wait', 'back after', 'invariants'];

/** Prints a line for each fault when all tests are over: drill.ts writes them down. */
export default class Summary {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ringfence-faults-summary-'));
    this.file = join(this.folder, 'rows');
    writeFileSync(this.file, '');
    process.env['FAULTS_SUMMARY'] = this.file; // the tests' process inherits it
  }

  onRunComplete() {
    const lines = readFileSync(this.file, 'utf8').trim().split('\n').filter(Boolean);
    rmSync(this.folder, { recursive: true, force: true });
    if (lines.length === 0) return;
    const cells = lines.map((line) => cellsOf(JSON.parse(line)));
    const rows = [HEADS, HEADS.map(() => '---'), ...cells];
    process.stdout.write(`\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
    process.stdout.write('\nLongest wait: between two changes that were acknowledged, the fault included.\n');
    process.stdout.write('Back after: deals, files and /readyz, from the moment that the cause was gone.\n');
  }
}

function cellsOf({ title, done, told, codes, longestWait, backMs, held, asked }) {
  const requests = told.reduce((sum, [, n]) => sum + n, 0);
  const refused = told.filter(([status]) => status === 0 || status >= 400).sort(([one], [other]) => one - other);
  const why = codes.map(([code, n]) => `${code} ${n}`).join(', ');
  const named = refused.map(
    ([status, n]) => `${status === 0 ? 'cut off' : status}: ${n}${status === 503 ? ` (${why})` : ''}`,
  );
  return [
    title,
    done,
    requests,
    named.join(', ') || 'none',
    seconds(longestWait),
    backMs === undefined ? 'NOT BACK' : seconds(backMs),
    `${held} of ${asked}`,
  ];
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
