import { defineProblem, type DomainError } from '../../errors/index.js';

const tooFast = defineProblem('rate_limited', {
  status: 429,
  meaning: 'There were too many requests within a minute. This one did nothing.',
  todo: 'Send it again after `Retry-After` seconds; `RateLimit` says which limit it met (r=0).',
});

const WHOSE: Readonly<Record<string, string>> = {
  principal: 'You have sent',
  tenant: 'Your tenant has sent',
  address: 'This address has sent',
  route: 'This operation was sent',
};

/** @param policy as the headers name it */
export const rateLimited = (policy: string, retryAfterSeconds: number): DomainError =>
  tooFast(`${WHOSE[policy] ?? 'There were'} too many requests within a minute. Wait.`, { retryAfterSeconds });
