/** Limits on requests that no test meets by chance; the way is the same. */
export const HARDLY_LIMITED = {
  RATE_LIMIT_PRINCIPAL: '1000000',
  RATE_LIMIT_TENANT: '1000000',
  RATE_LIMIT_ADDRESS: '1000000',
} as const;
