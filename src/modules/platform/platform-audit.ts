import type { UnfencedClient } from '../../database/service-client.js';
import type { AuditAction } from '../../route/index.js';

/** Who did it, and to what. */
export interface PlatformTarget {
  /** null: on the command line, by whoever holds the service role's password */
  operatorId: string | null;
  /** in whose log it belongs too */
  tenantId?: string;
  /** whom it made an operator or a member, or one no longer */
  userId?: string;
}

/**
 * Records each call of the platform within its transaction: what is not recorded did not happen. It goes into the
 * installation's log and, where it concerns a tenant, into that one's. Who acts is for the database to say.
 */
export class PlatformAudit {
  /**
   * @param write takes the structured line; whoever runs the transaction hands it on when that was committed
   * @param request id and origin as JSON (see AuditTrail); a command has neither
   */
  constructor(
    private readonly write: (line: string) => void,
    private readonly request = '{}',
  ) {}

  /**
   * @param details what the entry says beside that
   * @throws DatabaseError RF022, RF023 or RF004 where neither an operator nor the command line acts
   */
  async record(
    client: UnfencedClient,
    { code }: AuditAction,
    target: PlatformTarget,
    details?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { tenantId, userId } = target;
    const told = { ...details, ...(userId === undefined ? {} : { userId }) };
    await client.query('select app.record_platform_audit($1, $2, $3, $4)', [
      code,
      tenantId ?? null,
      this.request,
      Object.keys(told).length === 0 ? null : JSON.stringify(told),
    ]);
    this.write(JSON.stringify({ action: code, ...target }));
  }
}
