import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { brokenOff, type Check, holds, type Step } from '../../src/start/tour/check.js';
import { type Answer, outcome } from '../../src/start/tour/guest.js';
import { Report } from '../../src/start/tour/report.js';
import { withTenant } from '../../src/start/tour/steps/forgery.js';
import { sameBody } from '../../src/start/tour/steps/other-tenants-records.js';
import { timeLeft } from '../../src/start/tour/steps/revocation.js';
import { walk } from '../../src/start/tour/tour.js';

const good: Check = { did: ['GET /a'], expected: '404', came: '404', note: 'because' };
const bad: Check = { did: ['GET /b'], expected: '404', came: '200' };

function reporting(colors = pc.createColors(false)): { report: Report; lines: string[] } {
  const lines: string[] = [];
  return { report: new Report((line) => lines.push(line), colors), lines };
}

const stepOf = (title: string, ...checks: (Check | Error)[]): Step => ({
  title,
  why: 'for a reason',
  async *run() {
    for (const check of checks) {
      if (check instanceof Error) throw check;
      yield check;
    }
  },
});

describe('a check', () => {
  it('holds when what came reads like what was expected', () => {
    expect([holds(good), holds(bad)]).toEqual([true, false]);
  });

  it('fails for a step that broke off, with the reason and its cause', () => {
    const check = brokenOff(new Error('fetch failed', { cause: new Error('ECONNREFUSED') }));
    expect(holds(check)).toBe(false);
    expect(check.came).toBe('it broke off: fetch failed (ECONNREFUSED)');
  });
});

describe('the report', () => {
  it('shows what was done, what was expected and what came, with a tick or a cross', () => {
    const { report, lines } = reporting();
    report.step(1, 'Try', 'for a reason');
    report.check(good);
    report.check(bad);
    expect(lines.join('\n')).toContain('    GET /a\n      expected  404\n    ✓ came      404\n                because');
    expect(lines.join('\n')).toContain('    GET /b\n      expected  404\n    ✗ came      200');
  });

  it('sums up, and names what failed and what was not reached', () => {
    const { report, lines } = reporting();
    report.step(1, 'Try', 'for a reason');
    report.check(good);
    report.check(bad);
    expect(report.summary(1.25, ['Go on'])).toBe(false);
    expect(lines.join('\n')).toMatch(/✗ 1 of 2 came as expected in 1\.\d s/);
    expect(lines.join('\n')).toContain('  ✗ 1. Try: expected 404, came 200');
    expect(lines.join('\n')).toContain('  ✗ not reached: Go on');
  });

  it('is green, and true, only when everything came as expected', () => {
    const { report, lines } = reporting(pc.createColors(true));
    report.check(good);
    expect(report.summary(1, [])).toBe(true);
    expect(lines.join('\n')).toContain('\u001b[32m✓\u001b[39m');
    expect(lines.join('\n')).not.toContain('\u001b[31m');
  });
});

describe('the walk', () => {
  it('goes on after a check that failed', async () => {
    const { report, lines } = reporting();
    expect(await walk([stepOf('One', bad, good), stepOf('Two', good)], report)).toEqual([]);
    expect(lines.filter((line) => line.includes('came'))).toHaveLength(3);
  });

  it('ends at a step that breaks off, and says what was not reached', async () => {
    const { report, lines } = reporting();
    const last = stepOf('Three', good);
    expect(await walk([stepOf('One', good), stepOf('Two', good, new Error('gone')), last], report)).toEqual([last]);
    expect(lines.join('\n')).toContain('✗ came      it broke off: gone');
  });
});

describe('parts of steps', () => {
  const answer = (status: number, body: unknown): Answer => ({ status, body, headers: new Headers() });

  it('reads an answer as status and code', () => {
    expect(outcome(answer(404, { code: 'not_found' }))).toBe('404 not_found');
    expect(outcome(answer(200, { code: 'of something else' }))).toBe('200');
    expect(outcome(answer(502, undefined))).toBe('502');
  });

  it('takes two problems for the same only when nothing but the request differs', () => {
    const problem = { code: 'not_found', detail: 'x', traceId: '1', instance: '/a' };
    expect(sameBody(answer(404, problem), answer(404, { ...problem, traceId: '2', instance: '/b' }))).toBe(true);
    expect(sameBody(answer(404, problem), answer(404, { ...problem, detail: 'y' }))).toBe(false);
    expect(sameBody(answer(404, problem), answer(404, { ...problem, hint: 'y' }))).toBe(false);
    expect(sameBody(answer(404, problem), answer(403, problem))).toBe(false);
  });

  it('changes the tenant of a token and nothing else', () => {
    const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
    const forged = withTenant(`head.${part({ sub: 'me', tenant_id: 'mine' })}.signature`, 'theirs');
    expect(forged).toBe(`head.${part({ sub: 'me', tenant_id: 'theirs' })}.signature`);
  });

  it('tells how long a token has left', () => {
    const token = `x.${Buffer.from(JSON.stringify({ exp: 1_000 })).toString('base64url')}.x`;
    expect(timeLeft(token, 401_500)).toBe('9 min 58 s more');
    expect(timeLeft(token, 2_000_000)).toBe('0 min 0 s more');
  });
});
