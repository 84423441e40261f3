import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from './canonical.js';

/** The same with the members of every object in another order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, turned(member)]));
};

describe('canonicalJson', () => {
  it('sorts members as RFC 8785 section 3.2.3 does: by UTF-16 code units, not by code points', () => {
    const members = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const values = canonicalJson(members).match(/(?<=:")[^"]+/g);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    [
      'the text of RFC 8785 section 3.2.2',
      '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      String.raw`"€$\u000f\nA'B\"\\\\\"/"`,
    ],
    ['each short escape', '\b\t\n\f\r"\\', String.raw`"\b\t\n\f\r\"\\"`],
    ['other controls, in lower case', '\u0000\u001f\u007f', '"\\u0000\\u001f\u007f"'],
    ['line separators, unescaped', '\u2028\u2029', '"\u2028\u2029"'],
    ['no normalisation', 'A\u030a', '"A\u030a"'],
    ['literals', [null, true, false], '[null,true,false]'],
    ['whole numbers', [0, -0, 1e3, -5, 2 ** 53 - 1], '[0,0,1000,-5,9007199254740991]'],
    ['nothing between', { b: [], a: { d: {}, c: [1, 'x'] } }, '{"a":{"c":[1,"x"],"d":{}},"b":[]}'],
    ['names of the language', JSON.parse('{"toJSON":1,"__proto__":2}'), '{"__proto__":2,"toJSON":1}'],
    ['numbers as names, as text', { 10: 0, 9: 0, 1: 0 }, '{"1":0,"10":0,"9":0}'],
  ])('writes %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    ['a fraction', 0.5],
    ['a number from 2^53 on', 2 ** 53],
    ['a number from -2^53 down', -(2 ** 53)],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a boxed text', Object('x')],
    ['bytes', Buffer.of(1)],
    ['an instance', new (class Person {})()],
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
  ])('refuses %s, wherever it stands', (_, value) => {
    for (const held of [value, [value], { a: value }, { a: [{ b: value }] }])
      expect(() => canonicalJson(held)).toThrow(TypeError);
  });

  it('refuses holes, and names that are not well-formed', () => {
    expect(() => canonicalJson(new Array(2))).toThrow(TypeError);
    expect(() => canonicalJson({ '\ud800': 1 })).toThrow(TypeError);
  });

  it('goes 200 deep, and no deeper', () => {
    const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => [{ inner }], null);
    expect(() => canonicalJson({ details: nested(100) })).not.toThrow();
    expect(() => canonicalJson({ details: [nested(100)] })).toThrow(TypeError);
    expect(() => canonicalJson(nested(100_000))).toThrow(TypeError);
  });

  it('says nothing of the value that it refuses', () => {
    expect(() => canonicalJson('secret\ud800')).toThrow(/^(?!.*secret)/);
    expect(() => canonicalJson(41.5)).toThrow(/^(?!.*41)/);
  });

  it('is the same for the same value, and reads back', () => {
    const json = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(turned(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
