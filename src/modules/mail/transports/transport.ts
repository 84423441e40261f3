import type { SendMailOptions } from 'nodemailer';
import type { Letter } from '../mail.js';

/** Injects the way out; undefined where mails are to stay in the outbox. */
export const MAIL_TRANSPORT = Symbol('MAIL_TRANSPORT');

/** A way out of the house. */
export interface MailTransport {
  /** @returns when somebody else has the mail. @throws when it is not known that they do; failureOf says why, by nodemailer's errors or a MailFailure */
  send(letter: Letter, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * The message as nodemailer takes it: addresses and texts as values, never as lines of a header. What is not one plain
 * address is refused here a second time, since nodemailer would quote it into another one rather than fail.
 */
export function messageOf({ id, to, subject, text, html }: Letter, from: string): SendMailOptions {
  if (!/^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+$/u.test(to)) throw new NoAddressError();
  return {
    messageId: `<${id}@${domainOf(from)}>`,
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    // RFC 3834: nobody's out-of-office answers
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

export class NoAddressError extends Error {
  override name = 'NoAddressError';
}

const domainOf = (from: string): string => /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? 'ringfence.invalid';
