import pc from 'picocolors';
import { type Check, holds } from './check.js';

type Colors = ReturnType<typeof pc.createColors>;

const INDENT = ' '.repeat(4);

/** What the tour prints, and its count of what held. Without colours where the output is not a terminal. */
export class Report {
  private readonly failed: string[] = [];
  private checks = 0;
  private title = '';

  constructor(
    private readonly out: (line: string) => void,
    private readonly colors: Colors = pc.createColors(),
  ) {}

  opening(baseUrl: string): void {
    const { bold, cyan, dim } = this.colors;
    this.out(`\n${bold('Ringfence')}: a tour of the fence around each tenant, on ${cyan(baseUrl)}`);
    this.out(dim('Each step says what is sent, what has to come back and what came back.'));
  }

  step(number: number, title: string, why: string): void {
    this.title = `${number}. ${title}`;
    this.out(`\n${this.colors.bold(this.title)}`);
    this.out(`${INDENT}${this.colors.dim(why)}`);
  }

  check(check: Check): void {
    const { cyan, dim, green, red } = this.colors;
    const good = holds(check);
    this.checks += 1;
    if (!good) this.failed.push(`${this.title}: expected ${check.expected}, came ${check.came}`);
    this.out('');
    for (const line of check.did) this.out(`${INDENT}${cyan(line)}`);
    this.out(`${INDENT}  ${dim('expected')}  ${check.expected}`);
    this.out(
      `${INDENT}${good ? green('✓') : red('✗')} ${dim('came')}      ${good ? green(check.came) : red(check.came)}`,
    );
    if (check.note) this.out(`${INDENT}${' '.repeat(12)}${dim(check.note)}`);
  }

  /** @param missing steps that were not reached @returns whether everything came as expected */
  summary(seconds: number, missing: readonly string[]): boolean {
    const { bold, dim, green, red } = this.colors;
    const good = this.failed.length === 0 && missing.length === 0;
    const count = `${this.checks - this.failed.length} of ${this.checks} came as expected`;
    this.out(`\n${good ? green(`✓ ${bold(count)}`) : red(`✗ ${bold(count)}`)} ${dim(`in ${seconds.toFixed(1)} s`)}`);
    for (const line of this.failed) this.out(red(`  ✗ ${line}`));
    for (const title of missing) this.out(red(`  ✗ not reached: ${title}`));
    this.out('');
    return good;
  }
}
