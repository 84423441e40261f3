import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  Module,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
} from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { DealPermissions } from '../../../src/modules/deals/index.js';
import { ApiProblems, NotAudited, RequirePermission, UuidField } from '../../../src/route/index.js';
import type { TestDatabase } from '../../support/database.js';

/** Of the victim: what the planted routes tell of it. */
export const GOSSIP: { db?: TestDatabase; known?: string } = {};

class Widget {
  @UuidField({ description: 'Of nothing that there is.' })
  widgetId!: string;
}

/** Routes with one fault each, which the matrix finds. Part of its own tests only. */
@Controller('v1/gossip')
export class GossipController {
  @Get('deals/:id')
  @RequirePermission(DealPermissions.read)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'gossipForbids', summary: 'Says 403 where another tenant has it' })
  @ApiProblems(400, 404)
  forbids(@Param('id', ParseUUIDPipe) id: string): never {
    throw id === GOSSIP.known ? new ForbiddenException() : new NotFoundException();
  }

  @Get('roles/:id')
  @RequirePermission(DealPermissions.read)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'gossipShows', summary: 'Reads past the fence' })
  @ApiProblems(400, 404)
  async shows(@Param('id', ParseUUIDPipe) id: string): Promise<object> {
    const rows = await GOSSIP.db?.look('select name from app.roles where id = $1', [id]);
    if (!rows?.[0]) throw new NotFoundException();
    return rows[0];
  }

  @Post('deals/:id')
  @RequirePermission(DealPermissions.read)
  @NotAudited('part of the tests')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'gossipChanges', summary: 'Writes past the fence, and says nothing' })
  @ApiProblems(400, 404)
  async changes(@Param('id', ParseUUIDPipe) id: string): Promise<never> {
    await GOSSIP.db?.look(`update app.deals set stage = 'lost' where id = $1`, [id]);
    throw new NotFoundException();
  }

  @Post('widgets')
  @RequirePermission(DealPermissions.read)
  @NotAudited('part of the tests')
  @ApiOperation({ operationId: 'gossipUnknown', summary: 'Takes an id of nobody knows what' })
  @ApiProblems(400, 404)
  unknown(@Body() { widgetId }: Widget): string[] {
    return [widgetId];
  }
}

@Module({ controllers: [GossipController] })
export class GossipModule {}
