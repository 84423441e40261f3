import { afterEach, beforeAll } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { CoreModule } from '../../src/core.module.js';
import { AuthDb, DatabaseModule } from '../../src/database/index.js';
import { assertIsolated } from '../../src/modules/doctor/index.js';
import { Queues } from '../../src/modules/jobs/index.js';
import { type Mail, MailModule, Outbox } from '../../src/modules/mail/index.js';
import { MailSweeper } from '../../src/modules/mail/mail-sweeper.js';
import type { TestDatabase } from './database.js';
import { type SmtpSink, startSmtp } from './smtp.js';

const PATIENCE_MS = 15_000;

/** The key ring that the processes of one spec file share. */
export const mailKey = randomBytes(32);
export const mailRing = new KeyRing('k1', new Map([['k1', mailKey]]));

/** What every process said to its log. */
export const mailLog: string[] = [];
const write =
  (level: string) =>
  (...said: unknown[]): void =>
    void mailLog.push([level, ...said].map(String).join(' '));
const logger = Object.fromEntries(
  ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'].map((level) => [level, write(level)]),
);

/** A process with the outbox and who works on its queue, and nothing else. Without SMTP_URL it sends nothing. */
export class MailPod {
  private constructor(
    readonly outbox: Outbox,
    readonly queues: Queues,
    readonly sweeper: MailSweeper,
    readonly auth: AuthDb,
    readonly close: () => Promise<void>,
  ) {}

  static async start(db: TestDatabase, env: Record<string, string> = {}): Promise<MailPod> {
    const { app, auth } = db.connections;
    const urls = { APP_DATABASE_URL: app, AUTH_DATABASE_URL: auth };
    const config = loadConfig({ NODE_ENV: 'test', JOBS: 'inline', ...urls, ...env });
    const imports = [CoreModule.with(config, mailRing), DatabaseModule.withEntities([], assertIsolated), MailModule];
    const module = await Test.createTestingModule({ imports })
      .setLogger(logger as never)
      .compile();
    await module.init();
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= module.close());
    db.beforeDrop(close);
    const queues = module.get(Queues);
    await queues['starting'];
    return new MailPod(module.get(Outbox), queues, module.get(MailSweeper), module.get(AuthDb), close);
  }

  /** Commits a mail, and nudges. @returns the id of its row */
  async post(to: string, mail: Mail, options?: Parameters<Outbox['enqueue']>[3]): Promise<string> {
    const [row] = await this.auth.transaction(async (tx) => {
      await this.outbox.enqueue(tx, to, mail, options);
      return tx.query<{ id: string }>('select id from auth.mail_outbox where recipient = $1 order by id desc limit 1', [
        to,
      ]);
    });
    this.outbox.nudge();
    return row?.id ?? '';
  }
}

/** What a spec of mails has. */
export interface MailBench {
  smtp: SmtpSink;
  /** writes mails and sends none */
  desk: MailPod;
  /** a process that sends, closed after the test */
  pod(env?: Record<string, string>): Promise<MailPod>;
}

/** Server and desk are there from beforeAll on; each test starts with an empty outbox, no mails and no log. */
export function useMail(db: TestDatabase): MailBench {
  const pods: MailPod[] = [];
  const bench = {
    async pod(env: Record<string, string> = {}) {
      const started = await MailPod.start(db, { SMTP_URL: bench.smtp.url, ...env });
      pods.push(started);
      return started;
    },
  } as MailBench;
  beforeAll(async () => {
    bench.smtp = await startSmtp(db);
    bench.desk = await MailPod.start(db);
  });
  afterEach(async () => {
    await Promise.all(pods.splice(0).map(({ close }) => close()));
    await db.look('delete from auth.mail_outbox');
    await asAdmin(db, `delete from pgboss.job where name = 'mail'`);
    bench.smtp.reset();
    mailLog.length = 0;
  });
  return bench;
}

let people = 0;
/** An address that no other test uses. */
export const somebody = (): string => `person-${(people += 1)}@example.com`;

export const linkWith = (token: string): string => `http://127.0.0.1:3000/account/magic-link#token=${token}`;
export const magicLink = (token = 't0'): Mail => ({
  template: 'magic-link',
  values: { link: linkWith(token), minutes: 10 },
});

/** Asks until it is true: for what the database comes to by itself. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`it never came true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const admins = new WeakMap<TestDatabase, ReturnType<TestDatabase['as']>>();

/** The queue's rows are not the service role's to see. */
export async function asAdmin<Row extends object>(
  db: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  let admin = admins.get(db);
  if (!admin) admins.set(db, (admin = db.as('admin')));
  return (await (await admin).query(text, values)).rows as Row[];
}

/** A row of the outbox with its row in the queue, as tests ask about it. */
export interface OutboxRow {
  /** of the queue: created, active, retry or completed; null: it has none */
  state: string | null;
  attempts: number;
  /** seconds until it is tried again */
  due: number;
  failed: boolean;
  erased: boolean;
  last_error: string | null;
}

/** Questions about a row, to be waited for. */
export const outboxOf = (db: TestDatabase) => {
  const row = async (id: string): Promise<OutboxRow | undefined> =>
    (
      await asAdmin<OutboxRow>(
        db,
        `select m.last_error, m.failed_at is not null as failed, m.values_encrypted is null as erased, j.state,
           case when j.started_on is null then 0 else j.retry_count + 1 end as attempts,
           extract(epoch from j.start_after - now())::float8 as due
           from auth.mail_outbox m left join pgboss.job j on j.name = 'mail' and j.id = m.id where m.id = $1`,
        [id],
      )
    )[0];
  return {
    row,
    gone: (id: string) => async (): Promise<boolean> => (await row(id)) === undefined,
    tried:
      (id: string, times = 1) =>
      async (): Promise<boolean> => {
        const found = await row(id);
        return found?.attempts === times && found.last_error !== null && found.state !== 'active';
      },
    /** what time does, without the waiting */
    makeDue: (): Promise<unknown> => asAdmin(db, `update pgboss.job set start_after = now() where name = 'mail'`),
    empty: async (): Promise<boolean> => (await db.look('select from auth.mail_outbox')).length === 0,
  };
};
