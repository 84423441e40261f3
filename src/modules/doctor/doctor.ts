import { ALLOWED, type Allowance } from './allowed.js';
import type { Check, Finding } from './check.js';
import { CHECKS } from './checks/index.js';
import type { CheckReport, JudgedFinding, Report, Verdict } from './report.js';

/** One SELECT without parameters, with an empty search_path. A statement that fails must not spoil the next. */
export type Ask = <Row extends object>(sql: string) => Promise<Row[]>;

/** The connections that there are; checks that ask for another are skipped. */
export type Connections = Partial<Record<Check['asks'], Ask>>;

export interface Rules {
  /** in production allowances for development do not count */
  production: boolean;
  checks?: readonly Check[];
  allowed?: readonly Allowance[];
}

const SERVER = `
  select pg_catalog.current_setting('server_version') as server, pg_catalog.current_database() as database,
    current_user::text as role`;

/** @throws Error when the server does not answer; a check that fails is skipped, and that is no pass */
export async function examine(connections: Connections, rules: Rules): Promise<Report> {
  const { checks = CHECKS } = rules;
  const asked = await Promise.all(
    Object.values(connections).map((ask) => ask<{ server: string; database: string; role: string }>(SERVER)),
  );
  const [{ server, database } = { server: '', database: '' }] = asked.flat();
  const reports: CheckReport[] = [];
  for (const check of checks) reports.push(await run(check, connections[check.asks], rules));
  const unused = unusedAllowances(reports, rules);
  const all = unused.findings.length > 0 ? [...reports, unused] : reports;
  const at = new Date().toISOString();
  return { at, server, database, roles: asked.flat().map(({ role }) => role), verdict: verdictOf(all), checks: all };
}

async function run(check: Check, ask: Ask | undefined, rules: Rules): Promise<CheckReport> {
  const { id, title, severity, why, mend } = check;
  const report = { id, title, severity, why, mend, page: pageOf(id), findings: [] };
  if (!ask) return { ...report, status: 'skipped', skipped: `no connection of ringfence_${check.asks}` };
  try {
    const findings = judged(check, await findingsOf(check, ask), rules);
    if (findings.length === 0) return { ...report, status: 'pass' };
    return { ...report, status: findings.every(({ allowed }) => allowed) ? 'accepted' : 'found', findings };
  } catch (error) {
    return { ...report, status: 'skipped', skipped: reasonOf(error as Error & { code?: string }) };
  }
}

/** What a check finds, as the role that it asks for. */
export async function findingsOf(check: Check, ask: Ask): Promise<Finding[]> {
  if (!check.scan) return ask<Finding>(check.sql);
  const found: Finding[] = [];
  for (const { statement } of await ask<{ statement: string }>(check.sql))
    found.push(...(await ask<Finding>(statement)));
  return found;
}

const INSUFFICIENT_PRIVILEGE = '42501';

const reasonOf = ({ message, code }: Error & { code?: string }): string =>
  code === INSUFFICIENT_PRIVILEGE
    ? `${message}; \`npm run ringfence -- db bootstrap\` grants what the doctor reads`
    : message;

/** Findings in a fixed order, with the reason of those that are allowed. */
export function judged({ id }: Pick<Check, 'id'>, found: readonly Finding[], rules: Rules): JudgedFinding[] {
  const sorted = found.toSorted((a, b) => compare(a.object, b.object) || compare(a.detail, b.detail));
  return sorted.map(({ object, detail }) => {
    const allowance = allowancesOf(rules).find((one) => one.check === id && one.object === object);
    return { object, detail, ...(allowance && { allowed: { reason: allowance.reason, date: allowance.date } }) };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const allowancesOf = ({ production, allowed = ALLOWED }: Rules): readonly Allowance[] =>
  allowed.filter(({ only }) => !(production && only === 'development'));

export const pageOf = (id: string): string => `docs/doctor/${id}.md`;

/** An allowance that outlived its finding would silently allow the next one of that name. */
function unusedAllowances(reports: readonly CheckReport[], rules: Rules): CheckReport {
  const of = new Map(reports.map((report) => [report.id, report]));
  const findings = allowancesOf(rules).flatMap(({ check, object, only }): Finding[] => {
    const report = of.get(check);
    if (!report) return rules.checks ? [] : [{ object, detail: `there is no check ${check}` }];
    if (only || report.status === 'skipped' || report.findings.some((found) => found.object === object)) return [];
    return [{ object, detail: `${check} does not find it any more` }];
  });
  return {
    id: 'allowance-unused',
    title: 'An allowance matches nothing',
    severity: 'FIX',
    why: 'It waives a protection that nobody lacks, and will waive it unseen for the next thing of that name.',
    mend: 'Take the entry out of src/modules/doctor/allowed.ts.',
    page: pageOf('allowance-unused'),
    status: 'found',
    findings,
  };
}

function verdictOf(reports: readonly CheckReport[]): Verdict {
  if (reports.some(({ status, severity }) => status === 'found' && severity === 'BLOCK')) return 'BLOCK';
  return reports.some(({ status }) => status === 'found' || status === 'skipped') ? 'FIX' : 'PASS';
}
