import { Body, Controller, Get, Module, NotFoundException, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { NotAudited, Public, TextField } from '../../src/route/index.js';

class PlantedText {
  @TextField({ max: 100, example: 'text' })
  text!: string;
}

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
}

@Module({ controllers: [PlantedController] })
export class PlantedModule {}
