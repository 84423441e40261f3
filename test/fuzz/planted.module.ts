import { Body, Controller, Get, Module, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { DealPermissions } from '../../src/modules/deals/index.js';
import { ApiProblems, NotAudited, Public, RequirePermission, TextField } from '../../src/route/index.js';

class PlantedText {
  @TextField({ max: 100, example: 'text' })
  text!: string;
}

/** Ids that tell on themselves. */
export const SECRETLY_KNOWN = new Set<string>();

/** Routes with one fault each, which a fuzzer that works finds. Part of its own tests only. */
@Controller('v1/planted')
export class PlantedController {
  @Post('emoji')
  @Public()
  @NotAudited('part of the tests')
  @ApiOperation({ operationId: 'plantedEmoji', summary: 'Fails at an emoji' })
  emoji(@Body() { text }: PlantedText): void {
    if (/\p{Extended_Pictographic}/u.test(text)) throw new Error('planted');
  }

  @Get('unsaid')
  @Public()
  @ApiOperation({ operationId: 'plantedUnsaid', summary: 'Answers what the document does not say' })
  unsaid(): never {
    throw new NotFoundException();
  }

  @Post('lenient')
  @Public()
  @NotAudited('part of the tests')
  @ApiOperation({ operationId: 'plantedLenient', summary: 'Takes whatever comes' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['count'],
      properties: { count: { type: 'integer', example: 1 } },
    },
  })
  @ApiOkResponse()
  lenient(@Body() body: Record<string, unknown>): string[] {
    return Object.keys(body);
  }

  @Get('records/:id')
  @RequirePermission(DealPermissions.read)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOperation({ operationId: 'plantedRecord', summary: 'Tells that another tenant has it' })
  @ApiProblems(400, 404)
  record(@Param('id', ParseUUIDPipe) id: string): object {
    if (!SECRETLY_KNOWN.has(id)) throw new NotFoundException();
    return {};
  }
}

@Module({ controllers: [PlantedController] })
export class PlantedModule {}
