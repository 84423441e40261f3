import { Injectable } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { Clock, type Principal } from '../../context/index.js';
import { AuthDb } from '../../database/index.js';
import { capabilityHash, capabilityOf } from '../identity/index.js';
import { isWellFormed } from './key-text.js';

interface HolderRow {
  key_id: string;
  tenant_id: string;
  user_id: string;
  permissions: string[];
  requests_per_minute: number | null;
}

interface Hint {
  principal: Principal;
  /** milliseconds since the epoch */
  until: number;
}

/** Asks the database, once for all who ask for the same key. */
type Ask = () => Promise<Principal | undefined>;

const ASK = 'select key_id, tenant_id, user_id, permissions, requests_per_minute from auth.key_holder($1)';
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/**
 * Whose key is that? What is remembered here is a hint, for a minute: whether the key counts, for whom and with which rights,
 * the database says with the context of each request.
 */
@Injectable()
export class KeyHolders {
  private readonly hints = new Map<string, Hint>();
  private readonly asked = new Map<string, Promise<Principal | undefined>>();

  constructor(
    private readonly config: Config,
    private readonly db: AuthDb,
    private readonly clock: Clock,
  ) {}

  /** Whether it is written as a key of this installation. Costs no query. */
  mayBeKey(text: string): boolean {
    return isWellFormed(text, this.config.apiKeyEnvironment);
  }

  /**
   * @param unknown asks where nobody here knows the key; it may refuse to, or wait its turn
   * @returns undefined for what is no key of this installation, or one that expired
   */
  async principalOf(
    text: string,
    unknown: (ask: Ask) => Promise<Principal | undefined>,
  ): Promise<Principal | undefined> {
    const cap = capabilityOf(text);
    const hint = this.hints.get(cap);
    if (hint && hint.until > this.clock.now()) return hint.principal;
    // what was a key a minute ago is asked for at once, whoever else guesses from its address
    return hint ? this.askOnce(cap) : unknown(() => this.askOnce(cap));
  }

  private askOnce(cap: string): Promise<Principal | undefined> {
    const asked = this.asked.get(cap) ?? this.ask(cap).finally(() => this.asked.delete(cap));
    this.asked.set(cap, asked);
    return asked;
  }

  private async ask(cap: string): Promise<Principal | undefined> {
    const [row] = await this.db.query<HolderRow>(ASK, [capabilityHash(cap)]);
    this.hints.delete(cap);
    if (!row) return undefined;
    const principal = principalFrom(cap, row);
    const oldest = this.hints.size >= MAX_REMEMBERED ? this.hints.keys().next().value : undefined;
    if (oldest !== undefined) this.hints.delete(oldest);
    this.hints.set(cap, { principal, until: this.clock.now() + REMEMBERED_MS });
    return principal;
  }
}

function principalFrom(cap: string, row: HolderRow): Principal {
  const { key_id: id, tenant_id: tenantId, user_id: userId, permissions, requests_per_minute: perMinute } = row;
  return {
    userId,
    sessionId: id,
    tenantId,
    permissions: new Set(permissions),
    aal: 'aal1',
    minAal: 'aal1',
    authTime: 0,
    cap,
    claims: JSON.stringify({ key_id: id, tenant_id: tenantId }),
    key: { id, ...(perMinute === null ? {} : { requestsPerMinute: perMinute }) },
  };
}
