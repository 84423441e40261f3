import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import type { UnfencedClient, UnfencedPool } from '../../database/service-client.js';

/** The pool of ringfence_service. Injected by PlatformDb alone. */
export const UNFENCED_POOL = Symbol('UNFENCED_POOL');

/** The one door to the service role: who has no operator's capability gets no statement through it. */
@Injectable()
export class PlatformDb implements OnApplicationShutdown {
  constructor(
    @Inject(UNFENCED_POOL) private readonly pool: UnfencedPool,
    private readonly context: RequestContext,
  ) {}

  /**
   * One transaction of the operator who asks.
   * @throws DatabaseError RF022, RF023 or RF004 before `work` begins, when the database does not know them as one
   */
  transaction<T>(work: (client: UnfencedClient, operatorId: string) => Promise<T>): Promise<T> {
    const { cap } = this.context.principal;
    return this.pool.transaction(async (client) => {
      const [entered] = await client.query<{ operator: string }>('select auth.enter_platform($1) as operator', [cap]);
      return work(client, (entered as { operator: string }).operator);
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
