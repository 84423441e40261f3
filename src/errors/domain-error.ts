/** What a problem may say beside the standard members (RFC 9457 section 3.2). */
export interface ProblemExtras {
  missingPermission?: string;
  requiredAal?: 'aal2';
  errors?: { field: string; message: string }[];
  retryAfterSeconds?: number;
}

/** A kind of problem, and what there is to know of it before one happens. docs/error-codes.md is made of these. */
export interface ProblemKind {
  /** stable, snake_case, one object for each */
  readonly code: string;
  /** HTTP status; several where one code answers with different ones, the usual first */
  readonly statuses: readonly [number, ...number[]];
  /** what happened, in a sentence */
  readonly meaning: string;
  /** what the client does about it */
  readonly todo: string;
  /** operation ids of the OpenAPI document, where it is a few that answer so */
  readonly operations: readonly string[];
  /** what every one of its kind says beside the standard members */
  readonly extras: ProblemExtras;
}

/** What one refusal says beside its kind. */
export interface Said<Status extends number = number> extends ProblemExtras {
  /** which of the kind's statuses, where it has several and this is not the first */
  status?: Status;
  /** for the log, never for the caller */
  cause?: unknown;
}

/**
 * Makes a refusal of one kind, to throw. Without a detail it says the kind's meaning and what to do; with one, that is for
 * people, and may change.
 */
export type Refusal<Status extends number = number> = ProblemKind &
  ((detail?: string, said?: Said<Status>) => DomainError);

const catalogue = new Map<string, ProblemKind>();

/**
 * A refusal that the caller should read: the problem filter turns it into application/problem+json. Its kind is declared
 * with defineProblem, beside what throws it.
 */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly status: number;
  readonly code: string;
  readonly extras: ProblemExtras;

  /** @throws Error for a kind that is not declared, or a status that it does not have */
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string = `${kind.meaning} ${kind.todo}`,
    { status = kind.statuses[0], cause, ...extras }: Said = {},
  ) {
    super(`${kind.code}: ${detail}`, cause === undefined ? undefined : { cause });
    if (catalogue.get(kind.code) !== kind) throw new Error(`problem ${kind.code} is not declared`);
    if (!kind.statuses.includes(status)) throw new Error(`problem ${kind.code} does not have the status ${status}`);
    this.status = status;
    this.code = kind.code;
    this.extras = { ...kind.extras, ...extras };
  }
}

interface Declared<Status extends number> extends Partial<Pick<ProblemKind, 'operations' | 'extras'>> {
  status: Status | readonly [Status, ...Status[]];
  meaning: string;
  todo: string;
}

/**
 * Declares a kind of problem, next to what throws it. No other code can be thrown.
 * @throws Error when the code is malformed or declared twice, or meaning and todo are not sentences
 */
export function defineProblem<const Status extends number>(
  code: string,
  { status, meaning, todo, operations = [], extras = {} }: Declared<Status>,
): Refusal<Status> {
  if (!/^[a-z][a-z0-9_]*$/.test(code)) throw new Error(`problem ${code}: write it in snake_case`);
  if (catalogue.has(code)) throw new Error(`problem ${code} is declared twice`);
  if (![meaning, todo].every((text) => /^[A-Z].*\.$/.test(text))) throw new Error(`problem ${code}: write sentences`);
  const statuses = (typeof status === 'number' ? [status] : status) as readonly [number, ...number[]];
  const make = (detail?: string, said?: Said<Status>): DomainError => new DomainError(refusal, detail, said);
  const refusal = Object.freeze(Object.assign(make, { code, statuses, meaning, todo, operations, extras }));
  catalogue.set(code, refusal);
  return refusal;
}

/** Everything declared by the modules that are loaded, by code. */
export function problemCatalogue(): readonly ProblemKind[] {
  return [...catalogue.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
