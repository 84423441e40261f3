import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DatabaseHealth } from '../../database/index.js';
import { unavailable } from '../../errors/index.js';
import { ApiProblems, Public } from '../../route/index.js';
import { StoreHealth } from './store-health.js';

/** Unversioned, for the platform that runs us. */
@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly store: StoreHealth,
  ) {}

  @Get('livez')
  @Public()
  @ApiOperation({ operationId: 'livez', summary: 'The process answers' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } } })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @ApiOperation({ operationId: 'readyz', summary: 'The process can serve: its database and its store of files answer' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } } })
  @ApiProblems(503)
  async readyz(): Promise<{ status: 'ok' }> {
    const [database, store] = await Promise.all([this.database.check(), this.store.check()]);
    const down = Object.entries(database).flatMap(([name, state]) =>
      state === 'down' ? [`the database pool ${name}`] : [],
    );
    if (store === 'down') down.push('the store of files');
    if (down.length > 0) throw unavailable('not_ready', `Not reachable: ${down.join(', ')}.`, 2);
    return { status: 'ok' };
  }
}
