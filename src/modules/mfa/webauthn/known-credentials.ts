import type { FactorRow } from '../factors/factors.repository.js';
import type { KnownCredential } from './relying-party.js';

/** The passkeys among somebody's active factors. */
export const knownCredentials = (factors: FactorRow[]): KnownCredential[] =>
  factors.flatMap(({ credential_id: id, transports, activated_at }) =>
    id === null || activated_at === null ? [] : [{ id, transports }],
  );
