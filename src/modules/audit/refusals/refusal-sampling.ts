import ipaddr from 'ipaddr.js';
import { INSTALLATION } from '../audit-trail.js';
import { merge, overflowOf, type RefusalRow } from './refusal.js';

/** Of the same kind, so many are written as they are; further ones within the window are counted into one row. */
export const WRITTEN_PER_WINDOW = 20;
export const WINDOW_MS = 60_000;
/** Kinds that are told apart at once. */
export const MOST_WINDOWS = 10_000;
const MOST_OVERFLOWS = 1_000;

interface Window {
  until: number;
  written: number;
  /** those that were counted */
  rest?: RefusalRow;
}

/**
 * Which refusals are written each, and which are only counted. Same kind: the same log, the same caller (or network, where
 * nobody knows the caller), action and code. Memory is bounded, and no refusal goes uncounted. Times are milliseconds of a
 * clock that never goes back.
 */
export class RefusalSampling {
  /** oldest first: all last equally long */
  private readonly windows = new Map<string, Window>();

  /** @returns whether it is to be written as it is; else it is counted */
  admit(row: RefusalRow, now: number): boolean {
    const key = keyOf(row);
    const open = this.windows.get(key);
    if (!open && this.windows.size >= MOST_WINDOWS) {
      this.overflow(row, now);
      return false;
    }
    const window = open ?? this.start(key, now);
    if (window.written < WRITTEN_PER_WINDOW) {
      window.written += 1;
      return true;
    }
    window.rest = window.rest ? merge(window.rest, row) : row;
    return false;
  }

  /** Counts one for which there is no room, by its log and its outcome alone. */
  overflow(row: RefusalRow, now: number): void {
    let lost = overflowOf(row);
    let key = overflowKey(lost);
    if (!this.windows.has(key) && this.windows.size >= MOST_WINDOWS + MOST_OVERFLOWS) {
      lost = { ...lost, tenant: INSTALLATION, concerns: null };
      key = overflowKey(lost);
    }
    const window = this.windows.get(key) ?? this.start(key, now);
    window.rest = window.rest ? merge(window.rest, lost) : lost;
  }

  /** Ends the windows that are over. @returns what was counted in them */
  ended(now: number): RefusalRow[] {
    const rests: RefusalRow[] = [];
    for (const [key, { until, rest }] of this.windows) {
      if (until > now) break;
      this.windows.delete(key);
      if (rest) rests.push(rest);
    }
    return rests;
  }

  /** When the oldest window ends; undefined without one. */
  get nextEnd(): number | undefined {
    for (const { until } of this.windows.values()) return until;
    return undefined;
  }

  private start(key: string, now: number): Window {
    const window = { until: now + WINDOW_MS, written: 0 };
    this.windows.set(key, window);
    return window;
  }
}

const overflowKey = ({ tenant, concerns, outcome }: RefusalRow): string => `${tenant} ${concerns} ${outcome}`;

const keyOf = (row: RefusalRow): string => {
  const caller = row.actor ?? networkOf(row.request['address']);
  const apiKey = row.request['actorType'] === 'key' ? row.session : '';
  return [row.tenant, row.concerns, caller, apiKey, row.action, row.outcome, row.code].join(' ');
};

/** One client has a whole /64 of IPv6. */
function networkOf(address: unknown): string {
  if (typeof address !== 'string' || !ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
