import type { Operation } from './operations.js';

/** What came of a run. */
export interface Report {
  seed: number;
  sent: number;
  operations: Operation[];
  /** by operation: how often each status came */
  statuses: Map<string, Map<number, number>>;
  /** as they are to be read: what is wrong, and how to send it again; one of those that are alike */
  faults: string[];
  /** operations without a valid request, and why */
  unprepared: string[];
  /** whether the time was up before all was sent */
  cut: boolean;
  /** people who were needed anew */
  replaced: number;
}

/** Operations that cannot be accepted, or cannot be refused, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

/** @returns operations that were never accepted, or never refused: there the fuzzer has seen nothing */
export function unmet({ operations, statuses }: Report): string[] {
  return operations.flatMap(({ id }) => {
    if (EXCEPTIONS[id]) return [];
    const came = [...(statuses.get(id) ?? new Map<number, number>()).keys()];
    return [
      ...(came.some((status) => status < 400) ? [] : [`${id} was never accepted`]),
      ...(came.some((status) => status >= 400 && status < 500) ? [] : [`${id} was never refused`]),
    ];
  });
}

/** Operations down, statuses across. */
export function tableOf({ operations, statuses, sent, seed, replaced }: Report): string {
  const all = [...new Set([...statuses.values()].flatMap((counts) => [...counts.keys()]))].sort((a, b) => a - b);
  const width = Math.max(...operations.map(({ id }) => id.length));
  const cells = (id: string): string =>
    all.map((status) => String(statuses.get(id)?.get(status) ?? '').padStart(5)).join('');
  return [
    `${sent} requests of ${operations.length} operations, seed ${seed}; ${replaced} people were needed anew`,
    `${''.padEnd(width)}${all.map((status) => String(status).padStart(5)).join('')}`,
    ...operations.map(({ id }) => `${id.padEnd(width)}${cells(id)}`),
  ].join('\n');
}
