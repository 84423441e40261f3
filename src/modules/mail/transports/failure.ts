/** Why a mail did not go, in words that may be stored and logged. */
export interface Failure {
  told: string;
  /** whether the server said that it will never take this mail; trying again is no use */
  permanent: boolean;
  /** the mail's own, or one that every mail would meet */
  scope: 'mail' | 'server';
}

/** For a transport that knows why by itself. @param failure its words may be stored and logged: none of the mail's, no address */
export class MailFailure extends Error {
  override name = 'MailFailure';
  constructor(readonly failure: Failure) {
    super(failure.told);
  }
}

/** What nodemailer, Node and we put on an error. */
interface SendError {
  name?: string;
  message?: string;
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

const CONNECTION = /^(ECONNECTION|ETIMEDOUT|ESOCKET|EDNS|ETLS)$/;
const PER_MAIL = /^(RCPT TO|DATA)$/;

/**
 * Codes, and for a connection that never was the reason why. Never what the server said: it may quote the mail, and with
 * it a token. Final is only a 5xx to the address or the mail: one to HELO, AUTH or MAIL FROM is about our configuration,
 * which somebody mends while the mails wait.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof MailFailure) return error.failure;
  const { name = 'Error', message, code, command = '', response, responseCode = 0 } = (error ?? {}) as SendError;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const why = response === undefined && CONNECTION.test(code ?? '') ? message?.slice(0, 200) : undefined;
  const step = /^[A-Z0-9 -]{1,20}$/.test(command) ? command : undefined;
  const told = [code ?? name, step, responseCode || undefined, enhanced, why].filter(Boolean).join(' ');
  const own = PER_MAIL.test(command);
  const permanent = own && responseCode >= 500 && responseCode < 600;
  return { told, permanent, scope: own || code === undefined ? 'mail' : 'server' };
}
