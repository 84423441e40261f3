import type { Answer } from '../../support/call.js';
import { told } from '../../support/problem.js';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** What differs between any two answers, whatever was asked. */
const VOLATILE = /^(ratelimit|retry-after)/;

/** @returns what two answers can be told apart by, if by anything. Each may repeat what it was asked about */
export function difference([none, foreign]: [Answer, Answer], [first, second]: [string, string]): string | undefined {
  if (foreign.status >= 500) return `${foreign.status} ${foreign.text}`;
  const [one, other] = [spoken(none, first), spoken(foreign, second)];
  return one === other ? undefined : `another tenant's id is told from none:\n    ${one}\n    ${other}`;
}

function spoken(answer: Answer, asked: string): string {
  const { status, headers, body } = told({ ...answer, body: answer.body ?? {} }) as {
    status: number;
    headers: [string, string][];
    body: unknown;
  };
  const kept = headers.filter(([name]) => !VOLATILE.test(name));
  return JSON.stringify([status, kept, body])
    .replaceAll(asked, '<asked>')
    .replace(UUID, '<id>')
    .replace(TIME, '<time>');
}
