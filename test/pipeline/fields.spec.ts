import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { TimeField } from '../../src/route/index.js';

class Body {
  @TimeField()
  at!: unknown;
}

const taken = (at: unknown): boolean => validateSync(Object.assign(new Body(), { at })).length === 0;

describe('a time', () => {
  it.each([
    '2026-11-21T16:00:00Z',
    '2024-02-29T23:59:59.999999+05:30',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '0001-01-01T00:00:00-15:00',
  ])('%s is taken', (at) => {
    expect(taken(at)).toBe(true);
  });

  it.each([
    ['year 0', '0000-01-01T00:00:00Z'],
    ['year 0 in UTC', '0001-01-01T00:00:00+15:00'],
    ['year 10000 in UTC', '9999-12-31T23:59:59.999999-15:59'],
    ['no day', '2026-02-30T00:00:00Z'],
    ['no hour', '2026-11-21T24:00:00Z'],
    ['no minute', '2026-11-21T16:60:00Z'],
    ['no offset', '2026-11-21T16:00:00'],
    ['a long fraction', '2026-11-21T16:00:00.0000000Z'],
    ['no text', 0],
    ['a list', ['2026-11-21T16:00:00Z']],
  ])('%s is refused: %j', (_, at) => {
    expect(taken(at)).toBe(false);
  });
});
