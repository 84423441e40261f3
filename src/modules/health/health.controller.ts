import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DatabaseHealth } from '../../database/index.js';
import { unavailable } from '../../errors/index.js';
import { ApiProblems, Public } from '../../route/index.js';

/** Unversioned, for the platform that runs us. */
@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(private readonly database: DatabaseHealth) {}

  @Get('livez')
  @Public()
  @ApiOperation({ operationId: 'livez', summary: 'The process answers' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } } })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @ApiOperation({ operationId: 'readyz', summary: 'The process can serve: its database answers' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } } })
  @ApiProblems(503)
  async readyz(): Promise<{ status: 'ok' }> {
    const states = Object.entries(await this.database.check());
    const down = states.filter(([, state]) => state === 'down').map(([name]) => name);
    if (down.length > 0) throw unavailable('not_ready', `Not reachable: the database pool ${down.join(', ')}.`, 2);
    return { status: 'ok' };
  }
}
