import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DatabaseHealth, type DatabaseState } from '../../database/index.js';
import { notReady } from '../../errors/index.js';
import { ApiProblems, Public, Unlimited } from '../../route/index.js';
import { StoreHealth } from './store-health.js';

class Health {
  @ApiProperty({ enum: ['ok'] }) status!: 'ok';
}

/** Unversioned, for the platform that runs us. */
@ApiTags('Health')
@Controller()
@Unlimited('the platform asks often, from few addresses')
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly store: StoreHealth,
  ) {}

  @Get('livez')
  @Public()
  @ApiOperation({
    operationId: 'livez',
    summary: 'The process answers',
    description: 'For a restart by whoever runs it: asks nothing but the process itself.',
  })
  @ApiOkResponse({ type: Health })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @ApiOperation({
    operationId: 'readyz',
    summary: 'The process can serve: its database and its store of files answer',
    description: 'For a load balancer. 503 `not_ready` names what cannot be reached.',
  })
  @ApiOkResponse({ type: Health })
  @ApiProblems(503)
  async readyz(): Promise<{ status: 'ok' }> {
    const [database, store] = await Promise.all([this.database.check(), this.store.check()]);
    const pools = (wanted: DatabaseState): string[] =>
      Object.entries(database).flatMap(([name, state]) => (state === wanted ? [`the database pool ${name}`] : []));
    const down = [...pools('down'), ...(store === 'down' ? ['the store of files'] : [])];
    const readOnly = pools('read_only');
    const faults = [
      ...(down.length > 0 ? [`Not reachable: ${down.join(', ')}.`] : []),
      ...(readOnly.length > 0 ? [`Takes no changes: ${readOnly.join(', ')}.`] : []),
    ];
    if (faults.length > 0) throw notReady(faults.join(' '), { status: 503, retryAfterSeconds: 2 });
    return { status: 'ok' };
  }
}
