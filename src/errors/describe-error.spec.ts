import { describe, expect, it } from '@jest/globals';
import { describeError, toldError } from './describe-error.js';

const throwing = (): never => {
  throw new Error('looked at');
};

describe('describeError', () => {
  it('cuts name and message, and says neither again in the frames', () => {
    const error = new Error(`${'m'.repeat(600)}\n    at secret (value.js:1:1)`);
    error.name = 'N'.repeat(200);
    const { name, message, frames = '' } = describeError(error);
    expect([name.length, message.length]).toEqual([100, 500]);
    expect(frames).toMatch(/^ {4}at .*describe-error\.spec/);
    expect(frames).not.toMatch(/secret|mmm/);
  });

  it('leaves no control character: no line of its own, no colour, no turned text', () => {
    expect(toldError(new Error('a\r\nb\u001b[31m\u202ec\u2028d'))).toBe('Error: a  b [31m c d');
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'x'.repeat(1000)],
    [
      'getters that throw',
      Object.defineProperties(
        {},
        { name: { get: throwing }, message: { get: throwing }, stack: { get: throwing }, toString: { get: throwing } },
      ),
    ],
    ['a proxy that throws', new Proxy({}, { get: throwing, getPrototypeOf: throwing, has: throwing })],
    ['fields of another type', { name: 1, message: {}, stack: [] }],
    ['no prototype', Object.create(null)],
  ] as const)('takes %s', (_, thrown) => {
    const { name, message } = describeError(thrown);
    expect([typeof name, message.length <= 500]).toEqual(['string', true]);
  });
});
