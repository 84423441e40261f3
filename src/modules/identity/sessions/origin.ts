import type { Request } from 'express';
import type { RequestOrigin } from '../../../context/index.js';

/** Where a request comes from: for the list of sessions, for counting guesses, for the audit log. */
export type Origin = RequestOrigin;

export const originOf = (request: Request): Origin => ({
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  address: request.ip ?? '',
});
