import { afterAll, describe, expect, it } from '@jest/globals';
import { hashSync } from '@node-rs/argon2';
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { promisify } from 'node:util';
import { Config } from '../../src/config/index.js';
import { DomainError } from '../../src/errors/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import type { HashAnswer, HashTask } from '../../src/modules/identity/passwords/hash-worker.js';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { PASSWORD } from '../support/world.js';

const { db } = useDatabase();

const TODAY = '$argon2id$v=19$m=19456,t=2,p=1$';
const made: PasswordHasher[] = [];
afterAll(() => Promise.all(made.map((hasher) => hasher.onApplicationShutdown())));

function hasherWith(threads?: number, queue?: number, Kind = PasswordHasher): PasswordHasher {
  const env = { PASSWORD_HASH_CONCURRENCY: threads, PASSWORD_HASH_QUEUE: queue };
  const hasher = new Kind({ env } as Config);
  made.push(hasher);
  return hasher;
}
/** the process that hashes, if there is one now */
const childOf = (hasher: PasswordHasher): ChildProcess | undefined =>
  (hasher as unknown as { process: { running?: { child: ChildProcess } } }).process.running?.child;

/** Keeps every task until it is let go, as threads that are busy would. */
class Held extends PasswordHasher {
  readonly tasks: HashTask[] = [];
  private readonly gate = Promise.withResolvers<undefined>();
  private readonly arrivals = new Map<number, () => void>();

  release = (): void => this.gate.resolve(undefined);

  arrived(count: number): Promise<void> {
    return new Promise((resolve) => this.arrivals.set(count, resolve));
  }

  protected override async compute(task: HashTask): Promise<HashAnswer> {
    this.tasks.push(task);
    this.arrivals.get(this.tasks.length)?.();
    await this.gate.promise;
    return super.compute(task);
  }
}

describe('a hash', () => {
  const hasher = hasherWith(2);

  it('is argon2id with the parameters of OWASP, and matches its password alone', async () => {
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    expect(one.startsWith(TODAY)).toBe(true);
    expect(one).not.toBe(two);
    expect(await hasher.matches(PASSWORD, one)).toBe(true);
    expect(await hasher.matches(`${PASSWORD} `, one)).toBe(false);
    expect(await hasher.matches('', one)).toBe(false);
  });

  it('knows one spelling of a letter (NFC), and no other folding', async () => {
    const stored = await hasher.hash('Ångström');
    expect(await hasher.matches('A\u030angstro\u0308m', stored)).toBe(true);
    expect(await hasher.matches('ångström', stored)).toBe(false);
    expect(await hasher.matches('Ångström', await hasher.hash('A\u030angstro\u0308m'))).toBe(true);
  });

  it.each([
    ['today', TODAY, false],
    ['less memory', '$argon2id$v=19$m=9216,t=2,p=1$', true],
    ['more passes', '$argon2id$v=19$m=19456,t=3,p=1$', true],
    ['more lanes', '$argon2id$v=19$m=19456,t=2,p=12$', true],
    ['another version', '$argon2id$v=16$m=19456,t=2,p=1$', true],
    ['another algorithm', '$argon2i$v=19$m=19456,t=2,p=1$', true],
    ['another scheme', '$2b$12$', true],
    ['nothing', '', true],
  ])('is made anew when it was made otherwise than today: %s', (_, prefix, expected) => {
    expect(hasher.needsRehash(`${prefix}c29tZXNhbHRzb21lc2FsdA$aGFzaA`)).toBe(expected);
  });
});

describe('an unknown account', () => {
  it('costs what a known one does: one comparison with a hash of the same make, and is never right', async () => {
    const held = hasherWith(1, 10, Held) as Held;
    held.release();
    const stored = await held.hash(PASSWORD);
    held.tasks.length = 0;
    expect(await held.matches(PASSWORD, stored)).toBe(true);
    for (const nothing of [null, undefined]) expect(await held.matches(PASSWORD, nothing)).toBe(false);
    expect(held.tasks.map(({ password, stored: against }) => [password, shapeOf(against)])).toEqual(
      Array.from({ length: 3 }, () => [PASSWORD, shapeOf(stored)]),
    );
  });

  /** What decides about the work: parameters, and the lengths of salt and hash. */
  const shapeOf = (phc = ''): unknown[] => phc.split('$').map((part, n) => (n < 4 ? part : part.length));
});

describe('the hashing process', () => {
  it('starts with the first password, is one, and takes turns as they come', async () => {
    const hasher = hasherWith(1);
    expect(childOf(hasher)).toBeUndefined();
    const order: number[] = [];
    const all = Array.from({ length: 6 }, (_, n) => hasher.hash(PASSWORD).then(() => order.push(n)));
    const child = childOf(hasher);
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
    expect(childOf(hasher)).toBe(child);
  });

  it('leaves the event loop free', async () => {
    const turns: string[] = [];
    const hashed = hasherWith(1).hash(PASSWORD).then(() => turns.push('hashed')); // prettier-ignore
    for (let n = 0; n < 100; n += 1) await new Promise((resolve) => setImmediate(() => resolve(turns.push('turn'))));
    await hashed;
    expect(turns.indexOf('hashed')).toBeGreaterThan(10);
  });

  it('stands back from everything else, in all of its threads', async () => {
    const ours = getPriority(process.pid);
    const hasher = hasherWith(2);
    await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    const pid = childOf(hasher)!.pid!;
    expect(getPriority(pid)).toBe(19);
    expect(getPriority(process.pid)).toBe(ours);
    if (process.platform === 'linux') expect(new Set(nicenessOfThreads(pid))).toEqual(new Set([19]));
  });

  it('is given none of the secrets that the server has', async () => {
    process.env.CANARY_SECRET = 'canary';
    const hasher = hasherWith(1);
    await hasher.hash(PASSWORD);
    delete process.env.CANARY_SECRET;
    if (process.platform !== 'linux') return;
    const given = readFileSync(`/proc/${childOf(hasher)!.pid}/environ`, 'utf8');
    expect(given).toContain('UV_THREADPOOL_SIZE=1');
    expect(given).not.toContain('canary');
  });

  it('leaves a server free to end that forgot to end it, and ends with it', async () => {
    const program = `
      await import('reflect-metadata');
      const { PasswordHasher } = await import('./src/modules/identity/passwords/password-hasher.ts');
      const hasher = new PasswordHasher({ env: {} });
      process.stdout.write(String(await hasher.matches('a', await hasher.hash('a'))));
      process.stdout.write(' ' + hasher.process.running.child.pid);`;
    const args = ['--import', './test/support/ts-hooks.mjs', '--input-type=module', '--eval', program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    const [answer, pid] = stdout.split(' ');
    expect([answer, stderr]).toEqual(['true', '']);
    await gone(Number(pid));
  });

  it('is waited for when it is ended, by a program that has nothing else to do', async () => {
    const program = `
      await import('reflect-metadata');
      const { PasswordHasher } = await import('./src/modules/identity/passwords/password-hasher.ts');
      const hasher = new PasswordHasher({ env: {} });
      await hasher.hash('a');
      await hasher.onApplicationShutdown();
      process.stdout.write('ended');`;
    const args = ['--import', './test/support/ts-hooks.mjs', '--input-type=module', '--eval', program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    expect([stdout, stderr]).toEqual(['ended', '']);
  });

  it('fails what it worked on when it dies, hangs nothing, and is replaced', async () => {
    const hasher = hasherWith(1);
    await hasher.hash(PASSWORD);
    const outcomes = Promise.allSettled([1, 2, 3].map(() => hasher.hash(PASSWORD)));
    childOf(hasher)!.kill('SIGKILL');
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await hasher.matches(PASSWORD, await hasher.hash(PASSWORD))).toBe(true);
  });

  it('is gone once the server has shut down', async () => {
    const hasher = hasherWith(1);
    await hasher.hash(PASSWORD);
    const child = childOf(hasher)!;
    const exit = once(child, 'exit');
    await hasher.onApplicationShutdown();
    expect(await exit).toEqual([0, null]);
  });
});

/** Resolves when no process has this id any more. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Niceness of each thread (proc(5): field 19 of stat). */
function nicenessOfThreads(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const fromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fromThird[16]);
  });
}

describe('a storm', () => {
  it('fills places and queue, and is refused beyond: 503, with when to try again', async () => {
    const held = hasherWith(2, 3, Held) as Held;
    const all = Array.from({ length: 9 }, () => held.hash(PASSWORD));
    const outcomes = Promise.allSettled(all);
    held.release();
    const refused = (await outcomes).flatMap((one) => (one.status === 'rejected' ? [one.reason as DomainError] : []));
    expect(held.tasks).toHaveLength(5);
    expect(refused).toHaveLength(4);
    for (const error of refused) {
      expect(error).toMatchObject({ status: 503, code: 'sign_in_busy', extras: { retryAfterSeconds: 2 } });
    }
    expect(await held.matches(PASSWORD, await held.hash(PASSWORD))).toBe(true); // there is room again
  });

  it('has 200 places to wait where nobody says how many', async () => {
    const held = hasherWith(undefined, undefined, Held) as Held;
    const outcomes = Promise.allSettled(Array.from({ length: 202 }, () => held.matches('x', 'y')));
    held.release();
    const refused = (await outcomes).filter((one) => one.status === 'rejected' && one.reason instanceof DomainError);
    expect(refused).toHaveLength(1);
  });

  it('is answered over HTTP, whoever asks: known, unknown, right and wrong', async () => {
    let held!: Held;
    const factory = (config: Config): Held => (held = new Held(config));
    const app = await startApp(db, { PASSWORD_HASH_CONCURRENCY: '1', PASSWORD_HASH_QUEUE: '1' }, (builder) =>
      builder.overrideProvider(PasswordHasher).useFactory({ factory, inject: [Config] }),
    );
    const { email } = db.world.a.users.viewer;
    const login = (body: object): ReturnType<typeof app.call> => app.call('POST', '/v1/auth/login', { body });
    const full = held.arrived(2);
    const waiting = [login({ email, password: PASSWORD }), login({ email, password: 'wrong' })];
    await full;
    for (const body of [
      { email, password: PASSWORD },
      { email, password: 'wrong' },
      { email: 'nobody-knows@example.com', password: PASSWORD },
    ]) {
      const answer = await login(body);
      expectProblem(answer, 503, 'sign_in_busy');
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    held.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 401]);
    expect((await login({ email, password: PASSWORD })).status).toBe(200);
  });
});

describe('sign-in', () => {
  it('makes a hash anew that was made with other parameters, once the password was right', async () => {
    const app = await startApp(db);
    const person = await newcomer(db, [db.world.a, 'viewer']);
    const storedNow = async (): Promise<string> =>
      (await db.look<{ hash: string }>('select password_hash as hash from auth.users where id = $1', [person.id]))[0]!.hash; // prettier-ignore
    const old = hashSync(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await db.look('update auth.users set password_hash = $2 where id = $1', [person.id, old]);
    const login = (password: string): ReturnType<typeof app.call> =>
      app.call('POST', '/v1/auth/login', { body: { email: person.email, password } });
    expect((await login('wrong')).status).toBe(401);
    expect(await storedNow()).toBe(old);
    expect((await login(PASSWORD)).status).toBe(200);
    const renewed = await storedNow();
    expect(renewed.startsWith(TODAY)).toBe(true);
    expect((await login(PASSWORD)).status).toBe(200);
    expect(await storedNow()).toBe(renewed);
  });
});

describe('an error', () => {
  const canary = 'canary-password-7f3a';

  it.each([
    ['a stored hash that is none', canary, 'not-a-hash'],
    ['a stored hash that is cut off', canary, TODAY],
    ['a stored hash of another password', canary, `${TODAY}${canary}$${canary}`],
  ])('tells nothing of what was given: %s', async (_, password, stored) => {
    const hasher = hasherWith(1);
    const error: Error = await hasher.matches(password, stored).then(
      () => new Error('it matched'),
      (reason: Error) => reason,
    );
    expect(error.message).toBe('a password could not be hashed, or its stored hash is not one');
    expect(String(error.stack) + JSON.stringify(error.cause ?? '')).not.toContain(canary);
    expect(String(error.stack)).not.toContain(stored);
  });

  it('of a process that dies tells nothing either', async () => {
    const hasher = hasherWith(1);
    await hasher.hash(canary);
    const dying = hasher.hash(canary).catch((reason: Error) => reason);
    childOf(hasher)!.kill('SIGKILL');
    const error = (await dying) as Error;
    expect(error.message).toBe('the hashing process ended before its work was done');
    expect(String(error.stack)).not.toContain(canary);
  });
});
