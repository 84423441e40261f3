/** What a problem may say beside the standard members (RFC 9457 section 3.2). */
export interface ProblemExtras {
  missingPermission?: string;
  requiredAal?: 'aal2';
  errors?: { field: string; message: string }[];
  retryAfterSeconds?: number;
}

/**
 * A refusal that the caller should read: the problem filter turns it into application/problem+json.
 * `code` is stable and snake_case; `detail` is for people and may change.
 */
export class DomainError extends Error {
  override name = 'DomainError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}

export const badRequest = (code: string, detail: string, errors?: ProblemExtras['errors']): DomainError =>
  new DomainError(400, code, detail, errors ? { errors } : {});

export const unauthenticated = (
  code = 'not_authenticated',
  detail = 'Sign in and send the access token.',
): DomainError => new DomainError(401, code, detail);

export const forbidden = (code: string, detail: string, extras: ProblemExtras = {}): DomainError =>
  new DomainError(403, code, detail, extras);

export const permissionMissing = (permission: string): DomainError =>
  forbidden('permission_missing', `Your role does not have the permission ${permission}.`, {
    missingPermission: permission,
  });

/** The one answer for what does not exist and for what the caller may not see. */
export const notFound = (): DomainError => new DomainError(404, 'not_found', 'There is nothing here that you can see.');

export const conflict = (code: string, detail: string): DomainError => new DomainError(409, code, detail);

/** Well-formed, and refused by a rule. */
export const unprocessable = (code: string, detail: string, errors?: ProblemExtras['errors']): DomainError =>
  new DomainError(422, code, detail, errors ? { errors } : {});

export const tooMany = (code: string, detail: string, retryAfterSeconds: number): DomainError =>
  new DomainError(429, code, detail, { retryAfterSeconds });

export const aal2Required = (detail: string): DomainError =>
  forbidden('aal2_required', detail, { requiredAal: 'aal2' });

export const unavailable = (code: string, detail: string, retryAfterSeconds = 2, options?: ErrorOptions): DomainError =>
  new DomainError(503, code, detail, { retryAfterSeconds }, options);
