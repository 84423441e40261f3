import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { REWRITE_ACCOUNTS } from '../../migrations/parts/canonical-email.js';
import { canonicalForm } from '../../src/route/index.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { PASSWORD, plantPerson } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, nobody } = db.world;

/** What the database says of each, and whether it knows all of its characters. */
const bySql = (emails: string[]): Promise<{ form: string | null; known: boolean }[]> =>
  db.look(
    `select app.canonical_email(u.e) as form, unicode_assigned(u.e) as known
       from unnest($1::text[]) with ordinality u (e, n) order by n`,
    [emails],
  );

/** The name is none that a browser would ask for: IDNA disallows it. The database has no tables for that. */
const isNoName = (email: string): boolean => domainToASCII(email.normalize('NFKC').trim().toLowerCase().split('@')[1] ?? '') === ''; // prettier-ignore

/** Where the two differ: in nothing but characters newer than the database, and names that are none. */
async function differing(emails: string[]): Promise<unknown[]> {
  const theirs = await bySql(emails);
  return emails.flatMap((email, n) => {
    const [ours, { form, known } = { form: null, known: false }] = [canonicalForm(email) ?? null, theirs[n]];
    const same = ours === form || (form === null ? !known : ours === null && isNoName(email));
    return same
      ? []
      : [{ email, codes: Array.from(email, (c) => c.codePointAt(0)?.toString(16)).join(' '), ours, form }];
  });
}

const SAME: [what: string, email: string, form: string][] = [
  ['as it is', 'ada@example.com', 'ada@example.com'],
  ['case', 'Ada.LOVELACE@Example.COM', 'ada.lovelace@example.com'],
  ['spaces around it', '  ada@example.com ', 'ada@example.com'],
  ['width', 'ＡＤＡ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
  ['an ideographic stop', 'ada@example。com', 'ada@example.com'],
  ['ligatures', 'ﬁnance@oﬃce.example', 'finance@office.example'],
  ['compatible letters', 'ℌ𝓮𝔩𝕝𝙤@ⓔⓧample.com', 'hello@example.com'],
  ['composition', 'ju\u0308rgen@example.com', 'j\u00fcrgen@example.com'],
  ['case beyond ASCII', 'JÜRGEN.ÇELİK@example.com', 'jürgen.çeli\u0307k@example.com'],
  ['a final sigma', 'ΟΔΥΣΣΕΥΣ@example.com', 'οδυσσευσ@example.com'],
  ['a final sigma, in small', 'οδυσσευς@example.com', 'οδυσσευσ@example.com'],
  ['a name beyond ASCII', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['its case', 'ada@BÜCHER.Example', 'ada@xn--bcher-kva.example'],
  ['its composition', 'ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
  ['its ASCII form', 'ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ['a sharp s, which is a letter', 'ada@straße.example', 'ada@xn--strae-oqa.example'],
  ['a final sigma in a name, which is a letter', 'ada@βόλος.example', 'ada@xn--nxasmm1c.example'],
  ['Chinese', '张三@例子.中国', '张三@xn--fsqu00a.xn--fiqs8s'],
  ['a letter beyond the first plane', '𠮷田@例え.テスト', '𠮷田@xn--r8jz45g.xn--zckzah'],
  ['Hebrew', 'שלום@דוגמה.ישראל', 'שלום@xn--6dbbec0c.xn--4dbrk0ce'],
  ['dots and a plus: not ours to fold', 'a.d.a+news@example.com', 'a.d.a+news@example.com'],
  ['signs', "a!#$%&'*+/=?^_`{|}~-b@example.com", "a!#$%&'*+/=?^_`{|}~-b@example.com"],
];

const NONE: [what: string, email: string][] = [
  ['nothing', ''],
  ['no @', 'example.com'],
  ['two', 'a@b@example.com'],
  ['two, one of them wide', 'a＠b@example.com'],
  ['no mailbox', '@example.com'],
  ['no name', 'ada@'],
  ['one label', 'ada@localhost'],
  ['an address', 'ada@127.0.0.1'],
  ['an address, in hexadecimal', 'ada@x.0x7f'],
  ['a literal', 'ada@[127.0.0.1]'],
  ['quotes', '"ada"@example.com'],
  ['a comment', 'ada(x)@example.com'],
  ['a list', 'ada@example.com,eve@example.com'],
  ['a name in brackets', 'Ada <ada@example.com>'],
  ['a space', 'a da@example.com'],
  ['a hard space', 'a\u00a0da@example.com'],
  ['an ideographic space', 'ada@example.com\u3000'],
  ['a tab', 'ada@example.com\t'],
  ['a line', 'ada@example.com\r\nBcc: eve@example.com'],
  ['a zero width space', 'a\u200bda@example.com'],
  ['a joiner', 'a\u200dda@example.com'],
  ['a soft hyphen', 'ada@exam\u00adple.com'],
  ['a byte order mark', '\ufeffada@example.com'],
  ['a turn of direction', 'a\u202eda@example.com'],
  ['an isolate', 'a\u2066da@example.com'],
  ['a variation', 'a\ufe0fda@example.com'],
  ['a tag', 'a\u{e0061}da@example.com'],
  ['a filler', 'a\u3164da@example.com'],
  ['private use', 'a\ue000da@example.com'],
  ['what is not assigned', 'a\u0378da@example.com'],
  ['a dot first', '.ada@example.com'],
  ['a dot last', 'ada.@example.com'],
  ['two dots', 'a..da@example.com'],
  ['a dot behind', 'ada@example.com.'],
  ['an empty label', 'ada@example..com'],
  ['a hyphen first', 'ada@-example.com'],
  ['a hyphen last, beyond ASCII', 'ada@bücher-.com'],
  ['an underscore', 'ada@ex_ample.com'],
  ['a slash that was one sign', 'ada@℀.com'],
  ['an ASCII form of what has another', 'ada@xn--bücher.com'],
  ['a number for a top', 'ada@example.123'],
  ['a letter for a top', 'ada@example.c'],
  ['a long label', `ada@${'x'.repeat(64)}.com`],
  ['a label that is long in ASCII', `ada@${'ü'.repeat(60)}.com`],
  ['a long mailbox', `${'x'.repeat(65)}@example.com`],
  ['a mailbox of many bytes', `${'ü'.repeat(33)}@example.com`],
  ['a long address', `ada@${`${'x'.repeat(60)}.`.repeat(5)}com`],
  ['an address and a thousand spaces', `ada@example.com${' '.repeat(1_000)}`],
];

describe('the one form of an address', () => {
  it.each(SAME)('folds %s', async (_, email, form) => {
    expect([canonicalForm(email), (await bySql([email]))[0]?.form]).toEqual([form, form]);
    expect([canonicalForm(form), (await bySql([form]))[0]?.form]).toEqual([form, form]);
  });

  it.each(NONE)('has none for %s', async (_, email) => {
    expect([canonicalForm(email), (await bySql([email]))[0]?.form]).toEqual([undefined, null]);
  });

  it('has none for half a character, which no database takes', () => {
    expect(canonicalForm('a\ud800da@example.com')).toBeUndefined();
  });

  it('does not depend on the collation that it is asked in', async () => {
    const collations = await db.look<{ name: string }>(
      `select quote_ident(collname) as name from pg_collation where collname in ('C', 'ucs_basic', 'pg_unicode_fast', 'tr-x-icu', 'lt-x-icu', 'und-x-icu')`,
    );
    expect(collations.length).toBeGreaterThan(2);
    for (const { name } of collations)
      expect(await db.look(`select app.canonical_email('ÌIİΣ@BÜIHER.EXAMPLE' collate ${name}) as form`)).toEqual([
        { form: canonicalForm('ÌIİΣ@BÜIHER.EXAMPLE') },
      ]);
  });

  it.each([
    ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
    ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['他們爲什麽不說中文', 'ihqwctvzc91f659drss3x8bo0yb'],
    ['なぜみんな日本語を話してくれないのか', 'n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa'],
    ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
    ['安室奈美恵-with-SUPER-MONKEYS', '-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n'],
    ['Hello-Another-Way-それぞれの場所', 'Hello-Another-Way--fc4qua05auwb3674vfr0b'],
    ['-> $1.00 <-', '-> $1.00 <--'],
  ])('encodes %s as RFC 3492 section 7.1 does', async (label, encoded) => {
    expect(await db.look('select app.punycode($1) as p', [label])).toEqual([{ p: encoded }]);
  });

  // every one of them in `npm run test:long`, which sets SCALE
  const step = process.env['SCALE'] ? 1 : 17;
  it(`is the same here and in the database for every ${step}th character, in a mailbox and in a name`, async () => {
    const ranges = [[1, 0x33ff], [0xa640, 0xabff], [0xf900, 0xffff], [0x10400, 0x105ff], [0x1d400, 0x1d7ff], [0xe0000, 0xe01ff]] as const; // prettier-ignore
    for (const [first, last] of ranges) {
      const begin = first + randomInt(step);
      const count = Math.floor((last - begin) / step) + 1;
      const points = Array.from({ length: count }, (_, n) => String.fromCodePoint(begin + n * step));
      const emails = points.flatMap((c) => [`a${c}b@example.com`, `a@${c}.com`]);
      expect(await differing(emails)).toEqual([]);
      const forms = emails.flatMap((email) => canonicalForm(email) ?? []);
      expect(forms.filter((form) => canonicalForm(form) !== form)).toEqual([]);
      expect((await bySql(forms)).filter(({ form }, n) => form !== forms[n] && form !== null)).toEqual([]);
    }
  }, 60_000);

  it('is the same here and in the database for any text, and its own form', async () => {
    const letter = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom(...Array.from('aAzZ09üÜßẞςΣİıſKﬁ．。＠@.-_ \u0301\u0345\u200d\u00adאا中𠮷')),
    );
    const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join('').replaceAll('\0', ''));
    const email = fc.oneof(
      fc.emailAddress(),
      fc.tuple(text, text).map(([mailbox, name]) => `${mailbox}@${name}.com`),
      fc.tuple(text, text).map(([mailbox, name]) => `${mailbox}@xn--${name}.example`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(email, { minLength: 1, maxLength: 100 }), async (emails) => {
        const stored = emails.filter((one) => one.isWellFormed());
        expect(await differing(stored)).toEqual([]);
        for (const form of stored.flatMap((one) => canonicalForm(one) ?? [])) expect(canonicalForm(form)).toBe(form);
      }),
      { numRuns: Math.round(20 * Number(process.env['SCALE'] ?? 1)), interruptAfterTimeLimit: 600_000 },
    );
  }, 600_000);
});

describe('what is stored', () => {
  it('has that form, whoever writes it', async () => {
    for (const email of ['Ada@example.com', 'ada@bücher.example', 'ada', 'ada@ex ample.com', 'οδυσσευς@example.com']) {
      await expect(db.look('insert into auth.users (email) values ($1)', [email])).rejects.toMatchObject({ constraint: 'users_email_check' }); // prettier-ignore
      await expect(
        db.look(`insert into app.invitations (tenant_id, email, role_id, token_hash) values ($1, $2, $3, sha256('x'))`, [a.id, email, a.roles.viewer]), // prettier-ignore
      ).rejects.toMatchObject({ constraint: 'invitations_email_check' });
    }
  });

  it('was rewritten when the rule came, unless two accounts would have become one', async () => {
    const owner = await db.as('owner');
    await owner.query('begin; alter table auth.users drop constraint users_email_check');
    await owner.query('alter table app.profiles no force row level security');
    const old = (email: string) => owner.query('insert into auth.users (email) values ($1)', [email]);
    await old('ada@bücher.example');
    await owner.query(REWRITE_ACCOUNTS);
    const { rows } = await owner.query(`select email from auth.users where email like 'ada@%'`);
    expect(rows).toEqual([{ email: 'ada@xn--bcher-kva.example' }]);
    await owner.query('savepoint rewritten');
    for (const email of ['ada@bücher.example', 'no address at all']) {
      await old(email);
      await expect(owner.query(REWRITE_ACCOUNTS)).rejects.toMatchObject({ code: '23514' });
      await owner.query('rollback to rewritten');
    }
    await owner.query('rollback');
  });
});

describe('any spelling of an address', () => {
  const form = 'jürgen@xn--bcher-kva.example';
  const spellings = [form, 'JÜRGEN@bücher.example', 'ju\u0308rgen@BÜCHER.EXAMPLE', 'ｊürgen＠bücher。example'];

  it('signs in to the one account, and asks for its mails', async () => {
    await db.service(async (client) => {
      const [known] = await client.query<{ hash: string }>('select password_hash as hash from auth.users where id = $1', [nobody.id]); // prettier-ignore
      await plantPerson(client, form, known?.hash ?? null);
    });
    for (const email of spellings) {
      expect((await held.app.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } })).status).toBe(200);
      for (const path of ['/v1/auth/password/forgot', '/v1/auth/magic-link']) {
        await db.look('delete from auth.mail_outbox');
        await db.look('delete from auth.guesses'); // five mails to an inbox and no more, however it is spelt
        expect((await held.app.call('POST', path, { body: { email } })).status).toBe(202);
        expect(await db.look('select recipient from auth.mail_outbox')).toEqual([{ recipient: form }]);
      }
    }
  });

  it('counts as one when passwords are guessed', async () => {
    const guess = (n: number) =>
      held.app.call('POST', '/v1/auth/login', { body: { email: spellings[n % spellings.length], password: `wrong ${n}` } }); // prettier-ignore
    for (let n = 0; n < 5; n += 1) expectProblem(await guess(n), 401, 'credentials_invalid');
    for (let n = 0; n < 4; n += 1) expectProblem(await guess(n), 429, 'too_many_attempts');
  });
});
