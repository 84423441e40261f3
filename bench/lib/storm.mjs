/** What a storm of sign-ins does to those who read meanwhile: Ringfence alone, with the storm and without, in turn. */
import { fileURLToPath } from 'node:url';
import { runToEnd } from './processes.mjs';
import { median } from './stats.mjs';

/** The 95th percentile of reads during the storm, divided by that without it, should be no more. */
export const STORM_GOAL = 1.5;

const LOAD = fileURLToPath(new URL('storm-load.mjs', import.meta.url));

/**
 * @param reads requests of the readers; @param people who sign in, all at once and again and again
 * @param plan {rounds, readsPerSecond, warmupMs, measureMs}
 * @returns one object a round: {without, with}, each {reads, signIns}
 */
export async function stormRounds(port, reads, people, password, plan) {
  const signIns = people.map((email) => signInRequest(port, email, password));
  const load = async (storm, warmupMs, measureMs) => {
    const { readsPerSecond } = plan;
    const job = { port, reads, readsPerSecond, signIns: storm ? signIns : [], warmupMs, measureMs };
    return JSON.parse(await runToEnd(process.execPath, [LOAD, JSON.stringify(job)]));
  };
  for (const storm of [false, true]) await load(storm, 0, plan.firstWarmupMs);
  const rounds = [];
  for (let n = 0; n < plan.rounds; n += 1) {
    const round = {};
    for (const storm of n % 2 === 0 ? [false, true] : [true, false]) {
      round[storm ? 'with' : 'without'] = await load(storm, plan.warmupMs, plan.measureMs);
    }
    rounds.push(round);
  }
  return rounds;
}

function signInRequest(port, email, password) {
  const body = JSON.stringify({ email, password });
  return `POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Medians over the rounds, the ratio of the two medians of p95, and the rounds' own ratios from the smallest to the largest. */
export function summariseStorm(rounds) {
  const of = (which, what) => (name) => median(rounds.map((round) => round[which][what][name]));
  const row = (get) => ({ rps: get('rps'), p50: get('p50'), p95: get('p95'), p99: get('p99') });
  const [without, during] = [row(of('without', 'reads')), row(of('with', 'reads'))];
  const ratios = rounds.map((round) => round.with.reads.p95 / round.without.reads.p95);
  const ratio = { median: during.p95 / without.p95, min: Math.min(...ratios), max: Math.max(...ratios) };
  return {
    without,
    with: during,
    signIns: row(of('with', 'signIns')),
    ratio,
    goal: STORM_GOAL,
    reached: ratio.median <= STORM_GOAL,
  };
}
