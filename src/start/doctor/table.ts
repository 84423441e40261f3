import pc from 'picocolors';
import type { CheckReport, Report } from '../../modules/doctor/index.js';
import { MEANING, type Outcome, outcomeOf, tally } from './outcome.js';

type Paint = (text: string) => string;

/** The report as a table for a terminal, a line each. */
export function tableOf(report: Report, colours: boolean): string[] {
  const c = pc.createColors(colours);
  const paints: Record<Outcome, Paint> = {
    pass: c.green,
    ACCEPT: c.cyan,
    FIX: c.yellow,
    BLOCK: c.red,
    skipped: c.yellow,
  };
  const width = Math.max(...report.checks.map(({ id }) => id.length));
  const row = (check: CheckReport): string[] => {
    const outcome = outcomeOf(check);
    const head = `${paints[outcome](outcome.padEnd(7))}  ${check.id.padEnd(width)}`;
    if (outcome === 'pass') return [head.trimEnd()];
    return [
      `${head}  ${c.bold(check.title)}`,
      ...below(check, c.dim).map((line) => `${' '.repeat(width + 11)}${line}`),
    ];
  };
  const { verdict } = report;
  return [
    c.bold(`Ringfence doctor, ${report.at}`),
    c.dim(`PostgreSQL ${report.server}, database ${report.database}, asked as ${report.roles.join(' and ')}`),
    '',
    ...report.checks.flatMap(row),
    '',
    `${report.checks.length} checks: ${tally(report)}`,
    `${paints[verdict === 'PASS' ? 'pass' : verdict](c.bold(verdict))}  ${MEANING[verdict]}`,
  ];
}

function below({ findings, skipped, why, mend, page, status }: CheckReport, dim: Paint): string[] {
  const found = findings.flatMap(({ object, detail, allowed }) => [
    `${object}: ${detail}`,
    ...(allowed ? [dim(`  allowed ${allowed.date}: ${allowed.reason}`)] : []),
  ]);
  if (status === 'accepted') return found;
  return [...found, ...(skipped ? [`It could not run: ${skipped}`] : []), dim(why), dim(mend), dim(page)];
}
