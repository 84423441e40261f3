import { createHmac } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import type { Answer, TestApp, Tokens } from './app.js';
import type { TestDatabase } from './database.js';
import { newcomer } from './people.js';
import type { Person } from './world.js';

export const STEP_SECONDS = 30;

/** A clock that stands still at the begin of a time step, until a test moves it. */
export class TestClock extends Clock {
  private at = beginOfStep(Date.now() + STEP_SECONDS * 1000);

  override now(): number {
    return this.at;
  }

  /** Back to the time of day: it must not run away from the database's by more than a token lives. */
  reset(): void {
    this.at = beginOfStep(Date.now() + STEP_SECONDS * 1000);
  }

  /** @param seconds forwards, or backwards when negative */
  move(seconds: number): void {
    this.at += seconds * 1000;
  }

  /** Forwards to the begin of the next time step. */
  nextStep(): void {
    this.at = beginOfStep(this.at + STEP_SECONDS * 1000);
  }
}

/** @param ms milliseconds since the epoch */
function beginOfStep(ms: number): number {
  return Math.floor(ms / 1000 / STEP_SECONDS) * STEP_SECONDS * 1000;
}

function bytesOf(base32: string): Buffer {
  const bits = Array.from(base32, (one) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
}

/** What an authenticator app shows (RFC 6238): reckoned here, and not by the library that the server trusts. */
export function codeAt(secret: string, seconds: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / STEP_SECONDS)));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Somebody with an active TOTP factor, signed in at AAL1. */
export interface Enrolled {
  person: Person;
  tokens: Tokens;
  factorId: string;
  secret: string;
  recoveryCodes: string[];
}

/** The routes of second factors, by name. */
export class MfaCalls {
  constructor(
    private readonly held: { app: TestApp },
    readonly clock: TestClock,
  ) {}

  list = (token: string): Promise<Answer> => this.call('GET', 'factors', token);
  enrol = (token: string, name = 'Phone'): Promise<Answer> => this.call('POST', 'totp', token, { name });
  activate = (token: string, id: string, code: string): Promise<Answer> =>
    this.call('POST', `totp/${id}/activate`, token, { code });
  verify = (token: string, body: object): Promise<Answer> => this.call('POST', 'verify', token, body);
  rename = (token: string, id: string, name: string): Promise<Answer> =>
    this.call('PATCH', `factors/${id}`, token, { name });
  remove = (token: string, id: string): Promise<Answer> => this.call('DELETE', `factors/${id}`, token);
  renew = (token: string): Promise<Answer> => this.call('POST', 'recovery-codes', token);

  /** What the app shows at this moment of the clock, or so many seconds away from it. */
  code = (secret: string, away = 0): string => codeAt(secret, this.clock.seconds() + away);

  /** A code that is none of those near this moment. */
  wrongCode(secret: string): string {
    const near = [-60, -30, 0, 30, 60].map((away) => this.code(secret, away));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
  }

  /** Enrols one more factor with this token. Moves the clock on, so that the next code is unused. */
  async added(token: string, name?: string): Promise<Omit<Enrolled, 'person' | 'tokens'>> {
    const { body } = good(await this.enrol(token, name));
    const activated = good(await this.activate(token, body.id, this.code(body.secret)));
    this.clock.nextStep();
    return { factorId: body.id, secret: body.secret, recoveryCodes: activated.body.recoveryCodes };
  }

  /** Somebody new, a member, with one TOTP factor. */
  async enrolled(db: TestDatabase, tenant = db.world.a): Promise<Enrolled> {
    const person = await newcomer(db, [tenant, 'member']);
    const tokens = await this.held.app.tokens(person.email);
    return { person, tokens, ...(await this.added(tokens.accessToken)) };
  }

  /** Gives the second factor. Moves the clock on. */
  async raise(token: string, secret: string): Promise<Tokens> {
    const { body } = good(await this.verify(token, { code: this.code(secret) }));
    this.clock.nextStep();
    return body;
  }

  private call(method: string, path: string, token: string, body?: unknown): Promise<Answer> {
    return this.held.app.call(method, `/v1/auth/mfa/${path}`, { token, body });
  }
}

export function good(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}
