import type { KeyRing } from '../../../config/index.js';
import type { AuthDb, AuthTransaction } from '../../../database/index.js';
import { lockKeys, makeKey } from './key-store.js';
import { LEAD_SECONDS, OVERLAP_SECONDS } from './key-times.js';

/** `next` is published and does not sign yet; `verifying` signed once, and its tokens still count. */
export type KeyState = 'next' | 'signing' | 'verifying' | 'retired';

export interface KeyInfo {
  kid: string;
  state: KeyState;
  created_at: Date;
  not_before: Date;
  retired_at: Date | null;
}

export interface Rotation {
  /** the key that is to sign: a new one, or the one that an earlier rotation made and that does not sign yet */
  next: Pick<KeyInfo, 'kid' | 'not_before'>;
  /** whether this call made it */
  made: boolean;
  /** keys whose end this call decided */
  replaced: Pick<KeyInfo, 'kid' | 'retired_at'>[];
}

/** What else is done in the transaction of a rotation that made a key. */
export type WithRotation = (tx: AuthTransaction, rotation: Rotation) => Promise<void>;
const NOTHING: WithRotation = () => Promise.resolve();

/**
 * Makes the next signing key and decides when the present ones end. Of several calls at once, or one after another within
 * the lead time, one makes a key and the others tell of it.
 */
export function rotateKeys(db: AuthDb, ring: KeyRing, also = NOTHING): Promise<Rotation> {
  return db.transaction(async (tx) => {
    await lockKeys(tx);
    const [pending] = await tx.query<Rotation['next']>(
      `select kid, not_before from auth.signing_keys
        where not_before > clock_timestamp() and retired_at is null order by not_before desc limit 1`,
    );
    if (pending) return { next: pending, made: false, replaced: [] };
    const next = await makeKey(tx, ring, LEAD_SECONDS);
    const replaced = await tx.query<Rotation['replaced'][number]>(
      `update auth.signing_keys set retired_at = $2::timestamptz + make_interval(secs => $3)
        where retired_at is null and kid <> $1 returning kid, retired_at`,
      [next.kid, next.not_before, OVERLAP_SECONDS],
    );
    await also(tx, { next, made: true, replaced });
    return { next, made: true, replaced };
  });
}

/** For a key that somebody stole: a new one signs, and every other one ends, at each server's next look. */
export function rotateKeysNow(db: AuthDb, ring: KeyRing, also = NOTHING): Promise<Rotation> {
  return db.transaction(async (tx) => {
    await lockKeys(tx);
    const next = await makeKey(tx, ring, 0);
    const replaced = await tx.query<Rotation['replaced'][number]>(
      `update auth.signing_keys set retired_at = clock_timestamp()
        where (retired_at is null or retired_at > clock_timestamp()) and kid <> $1 returning kid, retired_at`,
      [next.kid],
    );
    await also(tx, { next, made: true, replaced });
    return { next, made: true, replaced };
  });
}

/** Every key there ever was, newest first; nothing of its private half. */
export const listKeys = (tx: AuthTransaction): Promise<KeyInfo[]> =>
  tx.query<KeyInfo>(
    `with k as (select *, coalesce(retired_at <= now(), false) as retired, not_before > now() as early from auth.signing_keys)
     select kid, created_at, not_before, retired_at,
            case when retired then 'retired' when early then 'next'
                 when kid = (select s.kid from k s where not s.retired and not s.early
                              order by s.not_before desc, s.created_at desc, s.kid limit 1) then 'signing'
                 else 'verifying' end as state
       from k order by not_before desc, created_at desc, kid`,
  );
