import { describe, expect, it } from '@jest/globals';
import type { DomainError } from '../../src/errors/index.js';
import { PasswordPolicy } from '../../src/modules/identity/index.js';

const policy = new PasswordPolicy();
const context = {
  email: 'mona.lindqvist@acme-industries.example',
  fullName: 'Mona Lindqvist',
  tenants: ['Acme Industries', 'acme', 'Línea Área51', 'linea'],
};

const refusal = (password: string, hasFactor = false): Promise<string | undefined> =>
  policy.check(password, { ...context, hasFactor }).then(
    () => undefined,
    (error: { status: number; code: string; extras: { errors: { field: string; message: string }[] } }) => {
      expect([error.status, error.extras.errors[0]?.field]).toEqual([422, 'password']);
      return error.code;
    },
  );

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    'the acme of my career was long ago',
    'ich möchte kein Passwort mehr',
    '七転び八起きという言葉を毎朝思い出す',
    '               x  y       z   w v  u t ',
    'mona saw nine purple herons',
    'ringfence, otters and marmalade',
    'a password for the garden gate',
    'dragon 93 turnip 57 ladder',
    '8391-2746-0527-3918',
    'बरसात में भीगती पुरानी किताबें',
    'X'.padEnd(20, 'k3-Zq!pw8'),
    '🐎🔋📎🧲🌵🎈🧭🪁🛶🧊🥁🪐🎲🧵🔭',
    'a b c d e f g h and what comes after',
  ])('may be "%s"', async (password) => {
    expect(await refusal(password)).toBeUndefined();
  });

  it('has 15 characters where it is the only factor, and 8 beside another', async () => {
    expect(await refusal('k9-hut-ö-42-zq')).toBe('password_too_short'); // 14
    expect(await refusal('k9-hut-ö-42-zqw')).toBeUndefined();
    expect(await refusal('k9-hut-', true)).toBe('password_too_short');
    expect(await refusal('k9-hut-ö', true)).toBeUndefined();
    expect([policy.standsAlone('k9-hut-ö-42-zq'), policy.standsAlone('k9-hut-ö-42-zqw')]).toEqual([false, true]);
  });

  it('has 128 characters at most, and characters are code points after normalisation', async () => {
    const long = Array.from(
      { length: 32 },
      (_, n) =>
        `k${String(n * 7919)
          .padStart(3, 'w')
          .slice(-3)}`,
    ).join('');
    expect(long).toHaveLength(128);
    expect(await refusal(long)).toBeUndefined();
    expect(await refusal(`${long}x`)).toBe('password_too_long');
    const decomposed = 'o\u0308u\u0308a\u0308e\u0301'; // four characters in eight code units
    expect(await refusal(decomposed, true)).toBe('password_too_short');
    expect(await refusal('🐎🔋📎🧲🌵🎈🧭', true)).toBe('password_too_short'); // seven in fourteen
  });

  it.each([
    'password', 'Password1', 'PASSWORD123', 'iloveyou', 'qwertyuiop', 'trustno1', 'letmein!!', 'passwordpassword',
    'p@ssw0rd', 'P4$$w0rd!', '!!!dragon!!!', 'football2024', '1qaz2wsx3edc', 'Ｐａｓｓｗｏｒｄ１',
  ])('is not the common "%s", however it is dressed up', async (password) => {
    expect(await refusal(password, true)).toBe('password_common');
  }); // prettier-ignore

  it.each([
    'password password', 'Password-Password-1', 'PASSWORD.PASSWORD.PASSWORD', 'iloveyou iloveyou!', 'qwerty1234567890',
    'trustno1trustno1', 'Football2024Football2024', '!!!!!!!dragon!!!!!!!',
  ])('is not long enough to be better than the common "%s" by repeating it', async (password) => {
    expect(await refusal(password)).toBe('password_common');
  }); // prettier-ignore

  it.each([
    'ringfence ringfence', 'Acme-Industries-2026', 'mona.lindqvist@acme-industries.example', 'lindqvist2026!!',
    'tsivqdnil-mona-acme', 'LINDQVISTlindqvist', 'monalindqvist1985', 'RingFence!Acme#1', 'acmeindustries hat 9',
    'R1ngf3nc3 @ 4cm3 2026', 'mona 1985-03-12 1985-03-12', 'Línea Área51 2026-2027', '51aera-aeníl-acme-hat',
  ])('is not made of what anybody knows here: "%s"', async (password) => {
    expect(await refusal(password, true)).toBe('password_guessable');
  }); // prettier-ignore

  it.each([
    'aaaaaaaaaaaaaaaa', 'abcabcabcabcabcabc', '1234567890123456', 'abcdefghijklmnopq', '9876543210987654',
    '    '.repeat(5), 'ababababcdcdcdcd', 'qwertyuiopasdfghjkl', 'poiuytrewqlkjhgfdsa', 'aabbccddeeffgghhii', 'абвгдежзиклмноп',
  ])('does not repeat itself or run: "%s"', async (password) => {
    expect(['password_guessable', 'password_common']).toContain(await refusal(password));
  }); // prettier-ignore

  it('is told what to do instead, in the words of the request, and never quoted', async () => {
    const refused = policy.check('LINDQVISTlindqvist', { ...context, hasFactor: false }, 'newPassword');
    const error: DomainError = await refused.then(
      () => Promise.reject(new Error('it passed')),
      (reason: DomainError) => reason,
    );
    expect(error.extras.errors).toEqual([{ field: 'newPassword', message: expect.stringMatching(/^Add words/) }]);
    expect(JSON.stringify([error.message, error.detail, error.extras])).not.toMatch(/lindqvist/i);
  });

  it('is judged at once, whatever somebody sends to keep the server busy', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `Company number ${n} of many`);
    await policy.check('correct horse battery staple', { ...context, hasFactor: false }); // the list is read once
    for (const bad of [
      'ab'.repeat(63) + 'cd',
      '\uFDFA'.repeat(128),
      'a'.repeat(127) + 'b',
      'abcdefgh'.repeat(15) + 'x',
    ]) {
      const began = performance.now();
      await policy.check(bad, { ...context, tenants: names, hasFactor: false }).catch(() => undefined);
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });
});
