import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestContext } from '../../../context/index.js';
import {
  AnswersSecret,
  ApiProblems,
  Audited,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  SessionOnly,
} from '../../../route/index.js';
import { FactorPath, RenameFactorRequest } from '../dto/requests.js';
import { FactorItem, FactorsResponse, RecoveryCodesResponse } from '../dto/responses.js';
import { FactorActions, RecoveryCodesActions } from '../mfa.actions.js';
import { FactorsService } from './factors.service.js';

/** seconds: what weakens an account needs its second factor given just now */
const JUST_NOW = 900;

@ApiTags('MFA')
@Controller('v1/auth/mfa')
export class FactorsController {
  constructor(
    private readonly factors: FactorsService,
    private readonly context: RequestContext,
  ) {}

  @Get('factors')
  @SessionOnly()
  @ApiOperation({
    operationId: 'listFactors',
    summary: 'One’s second factors',
    description: 'Those that are begun and not yet activated, too. Secrets are never shown again.',
  })
  @ApiOkResponse({ type: FactorsResponse })
  async list(): Promise<Reply<FactorsResponse>> {
    return reply(await this.factors.list(this.context.principal), PRIVATE);
  }

  @Patch('factors/:id')
  @SessionOnly()
  @RequireAal2()
  @Audited(FactorActions.renamed)
  @ApiOperation({
    operationId: 'renameFactor',
    summary: 'Rename a second factor',
    description: 'The name is for its owner alone.',
  })
  @ApiOkResponse({ type: FactorItem })
  @ApiProblems(404)
  async rename(@Param() path: FactorPath, @Body() body: RenameFactorRequest): Promise<Reply<FactorItem>> {
    return reply(await this.factors.rename(this.context.principal, path.id, body.name), PRIVATE);
  }

  @Delete('factors/:id')
  @HttpCode(204)
  @SessionOnly()
  @RequireAal2({ maxAge: JUST_NOW })
  @Audited(FactorActions.removed)
  @ApiOperation({
    operationId: 'removeFactor',
    summary: 'Remove a second factor',
    description: 'One’s other sessions end. With the last factor the recovery codes go.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409)
  async remove(@Param() path: FactorPath): Promise<void> {
    await this.factors.remove(this.context.principal, path.id);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @SessionOnly()
  @RequireAal2({ maxAge: JUST_NOW })
  @Audited(RecoveryCodesActions.renewed)
  @AnswersSecret('Draw new ones, with a new key.')
  @ApiOperation({
    operationId: 'renewRecoveryCodes',
    summary: 'Ten new recovery codes',
    description: 'Shown this once. Those from before are void.',
  })
  @ApiOkResponse({ type: RecoveryCodesResponse })
  @ApiProblems(409)
  async renewCodes(): Promise<Reply<RecoveryCodesResponse>> {
    return reply(await this.factors.renewCodes(this.context.principal), PRIVATE);
  }
}
