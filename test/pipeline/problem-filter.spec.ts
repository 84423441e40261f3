import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ArgumentsHost, Logger } from '@nestjs/common';
import type { RequestContext } from '../../src/context/index.js';
import { ProblemFilter } from '../../src/pipeline/08-problem.filter.js';
import type { RefusalAudit } from '../../src/pipeline/08b-refusal-audit.js';

const filter = new ProblemFilter({} as RequestContext, { note: () => undefined } as unknown as RefusalAudit);
const lines: string[] = [];

/** @returns the status that is answered; what is logged is in `lines` */
async function answered(error: unknown): Promise<number> {
  jest.spyOn(Logger.prototype, 'error').mockImplementation((...said: unknown[]) => void lines.push(said.join('\n')));
  let status = 0;
  const response = {
    status: (code: number) => void (status = code),
    setHeader: () => undefined,
    removeHeader: () => undefined,
    getHeader: () => undefined,
    end: () => undefined,
  };
  const request = { method: 'GET', path: '/x', url: '/x', originalUrl: '/x', headers: {} };
  const http = { getRequest: () => request, getResponse: () => response };
  await filter.catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return status;
}
afterEach(() => {
  lines.length = 0;
  jest.restoreAllMocks();
});

describe('the filter of problems', () => {
  it.each([null, undefined, 'text'])(
    'answers whatever is thrown: %#',
    async (thrown) => {
      expect([await answered(thrown), lines.length]).toEqual([500, 1]);
    },
  ); // prettier-ignore

  it('logs no value that the database repeats, and no line of another’s making', async () => {
    const refused = (message: string, code: string): Error => Object.assign(new Error(message), { code });
    expect(await answered(refused('time zone "canary" not recognized', '22023'))).toBe(500);
    expect(await answered(refused('one\n{"level":"fatal"}', 'X\nY'))).toBe(500);
    expect(lines[0]).toContain('Error 22023: ');
    expect(lines.join()).not.toContain('canary');
    expect(lines[1]).toContain('Error X Y: one {"level":"fatal"}');
  });

  it.each([412, 416])('answers what Express refuses with %d as that', async (status) => {
    expect(await answered(Object.assign(new Error('refused'), { status }))).toBe(status);
  });
});
