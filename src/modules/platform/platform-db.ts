import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import type { UnfencedClient, UnfencedPool } from '../../database/service-client.js';
import { AuditTrail } from '../audit/index.js';
import { PlatformAudit } from './platform-audit.js';

/** The pool of ringfence_service. Injected by PlatformDb alone. */
export const UNFENCED_POOL = Symbol('UNFENCED_POOL');

/** What a unit of the platform works with. */
export interface PlatformUnit {
  client: UnfencedClient;
  /** who asks, as the database knows them */
  operatorId: string;
  audit: PlatformAudit;
}

/** The one door to the service role: who has no operator's capability gets no statement through it. */
@Injectable()
export class PlatformDb implements OnApplicationShutdown {
  private readonly log = new Logger('Platform');

  constructor(
    @Inject(UNFENCED_POOL) private readonly pool: UnfencedPool,
    private readonly context: RequestContext,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * One transaction of the operator who asks. What it records is logged once it is committed.
   * @throws DatabaseError RF022, RF023 or RF004 before `work` begins, when the database does not know them as one
   */
  async transaction<T>(work: (unit: PlatformUnit) => Promise<T>): Promise<T> {
    const { state, principal } = this.context;
    const lines: string[] = [];
    const audit = new PlatformAudit((line) => lines.push(line), this.trail.request());
    const done = await this.pool.transaction(async (client) => {
      const [entered] = await client.query<{ operator: string }>('select auth.enter_platform($1) as operator', [
        principal.cap,
      ]);
      return work({ client, operatorId: (entered as { operator: string }).operator, audit });
    });
    state.audited ||= lines.length > 0;
    for (const line of lines) this.log.log(line);
    return done;
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
