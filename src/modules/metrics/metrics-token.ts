import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the header carries this bearer token (RFC 6750 section 2.1), in a time that tells nothing of either. */
export const bears = (authorization: string | undefined, token: string): boolean =>
  timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
