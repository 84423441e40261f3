import type { Request } from 'express';

/** Where a request comes from: for the list of sessions and for counting guesses. */
export interface Origin {
  userAgent: string;
  address: string;
}

export const originOf = (request: Request): Origin => ({
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
  address: request.ip ?? '',
});
