import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { TestDatabase } from './database.js';

/** A mail as it arrived. */
export interface ReceivedMail {
  /** whom the envelope names: where it really went */
  envelopeTo: string[];
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  /** of the text, in order */
  links: string[];
  headers: Record<string, string>;
  /** whether it came over TLS */
  secure: boolean;
  raw: string;
}

interface Refusal {
  at: 'from' | 'rcpt' | 'data';
  code: number;
  /** what the server says: it may quote what it was sent */
  says?: (raw: string) => string;
}

const PATIENCE_MS = 15_000;

/** A real SMTP server on a port of its own, with everything that it was sent. */
export class SmtpSink {
  /** in the order in which they came */
  readonly mails: ReceivedMail[] = [];
  private server: SMTPServer;
  private port = 0;
  private refusals: Refusal[] = [];
  private gate: Promise<void> = Promise.resolve();
  private readonly watchers = new Set<() => void>();

  private constructor(private readonly starttls: boolean) {
    this.server = this.make();
  }

  static async start(starttls: boolean): Promise<SmtpSink> {
    const sink = new SmtpSink(starttls);
    await sink.listen();
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Refuses the next so many, for now by default; a code above 500 says for ever. */
  refuse(times: number, refusal: Partial<Refusal> = {}): void {
    this.refusals.push(...Array<Refusal>(times).fill({ at: 'rcpt', code: 450, ...refusal }));
  }

  /** From now on it takes mails and does not say so, until it is released. */
  hold(): () => void {
    let release = (): void => undefined;
    this.gate = new Promise<void>((resolve) => (release = resolve));
    return release;
  }

  /** Forgets what came and what was asked of it. */
  reset(): void {
    this.mails.length = 0;
    this.refusals = [];
    this.gate = Promise.resolve();
  }

  /** @returns the first mail that it is true for, past or to come */
  async waitFor(wanted: (mail: ReceivedMail) => boolean): Promise<ReceivedMail> {
    return (await this.waitForAll(1, wanted))[0] as ReceivedMail;
  }

  /** @returns all that it is true for, as soon as they are so many */
  async waitForAll(count: number, wanted: (mail: ReceivedMail) => boolean = () => true): Promise<ReceivedMail[]> {
    const { promise, resolve, reject } = Promise.withResolvers<ReceivedMail[]>();
    const look = (): void => {
      const found = this.mails.filter(wanted);
      if (found.length >= count) resolve(found);
    };
    const came = (): string => this.mails.map(({ to, subject }) => `${to.join()}: ${subject}`).join('; ') || 'none';
    const timer = setTimeout(() => reject(new Error(`the mail did not come; there came ${came()}`)), PATIENCE_MS);
    this.watchers.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.watchers.delete(look);
    });
  }

  /** Down: connections are refused and the open ones are cut. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** Up again, on the same port. */
  async reopen(): Promise<void> {
    this.server = this.make();
    await this.listen();
  }

  private async listen(): Promise<void> {
    const listening = this.server.listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  private make(): SMTPServer {
    const server = new SMTPServer({
      disabledCommands: this.starttls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      closeTimeout: 10,
      onMailFrom: (_address, _session, answer) => answer(this.refusalAt('from')),
      onRcptTo: (_address, _session, answer) => answer(this.refusalAt('rcpt')),
      onData: (stream, session, answer) =>
        void this.take(stream, session).then(
          () => answer(null),
          (error: Error) => answer(error),
        ),
    });
    server.on('error', () => undefined); // a client that hangs up is part of some tests
    return server;
  }

  private refusalAt(at: Refusal['at'], raw = ''): Error | null {
    const [next] = this.refusals;
    if (next?.at !== at) return null;
    this.refusals.shift();
    return Object.assign(new Error(next.says?.(raw) ?? 'not this one'), { responseCode: next.code });
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = Buffer.concat((await stream.toArray()) as Buffer[]).toString('utf8');
    const refusal = this.refusalAt('data', raw);
    if (refusal) throw refusal;
    this.mails.push(await received(raw, session));
    for (const look of this.watchers) look();
    await this.gate;
  }
}

/** @param db closes it when the database goes, after every application that was started later */
export async function startSmtp(db?: TestDatabase, { starttls = false } = {}): Promise<SmtpSink> {
  const sink = await SmtpSink.start(starttls);
  db?.beforeDrop(() => sink.close());
  return sink;
}

async function received(raw: string, { envelope, secure }: SMTPServerSession): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  const text = mail.text ?? '';
  return {
    envelopeTo: envelope.rcptTo.map(({ address }) => address),
    to: (mail.to ?? []).map(({ address }) => address ?? ''),
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    messageId: mail.messageId ?? '',
    links: text.match(/https?:\/\/\S+/g) ?? [],
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    secure,
    raw,
  };
}
