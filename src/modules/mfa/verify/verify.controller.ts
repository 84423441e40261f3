import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestContext } from '../../../context/index.js';
import { AnswersSecret, ApiProblems, Audited, PRIVATE, reply, type Reply, SessionOnly } from '../../../route/index.js';
import { SessionActions, TokenResponse } from '../../identity/index.js';
import { VerifyFactorRequest } from '../dto/requests.js';
import { StepUpService } from './step-up.service.js';

@ApiTags('MFA')
@Controller('v1/auth/mfa/verify')
export class VerifyController {
  constructor(
    private readonly stepUp: StepUpService,
    private readonly context: RequestContext,
  ) {}

  @Post()
  @HttpCode(200)
  @SessionOnly()
  @Audited(SessionActions.steppedUp)
  @AnswersSecret('Verify again, with the next code and a new key.')
  @ApiOperation({
    operationId: 'verifyFactor',
    summary: 'Give a second factor: this session’s next tokens are at aal2',
    description:
      'Send `code` (with `factorId`, if it is to be one app’s) or `recoveryCode`. Tokens from before stay at aal1, and ' +
      'refresh tokens from before are used up. A passkey goes to POST /v1/auth/mfa/webauthn/verify.',
  })
  @ApiBody({
    type: VerifyFactorRequest,
    examples: {
      code: { summary: 'A code of an app', value: { code: '********' } },
      recoveryCode: { summary: 'A recovery code', value: { recoveryCode: '********' } },
    },
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(403, 404, 409)
  async verify(@Body() body: VerifyFactorRequest): Promise<Reply<TokenResponse>> {
    return reply(await this.stepUp.verify(this.context.principal, body), PRIVATE);
  }
}
