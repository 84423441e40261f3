import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestContext } from '../../../context/index.js';
import { AnswersSecret, ApiProblems, Audited, PRIVATE, reply, type Reply, SessionOnly } from '../../../route/index.js';
import { ActivateTotpRequest, EnrolTotpRequest, FactorPath } from '../dto/requests.js';
import { RecoveryCodesResponse, TotpEnrolment } from '../dto/responses.js';
import { FactorActions } from '../mfa.actions.js';
import { TotpService } from './totp.service.js';

@ApiTags('MFA')
@Controller('v1/auth/mfa/totp')
export class TotpController {
  constructor(
    private readonly totp: TotpService,
    private readonly context: RequestContext,
  ) {}

  @Post()
  @SessionOnly()
  @Audited(FactorActions.added)
  @AnswersSecret('Enrol again, with a new key, and remove the factor that you cannot use.')
  @ApiOperation({
    operationId: 'enrolTotp',
    summary: 'Begin to enrol an authenticator app',
    description:
      'Show the QR code, or the secret, once; then activate within ten minutes. Whoever has a factor needs aal2.',
  })
  @ApiCreatedResponse({ type: TotpEnrolment })
  @ApiProblems(403, 409)
  async enrol(@Body() body: EnrolTotpRequest): Promise<Reply<TotpEnrolment>> {
    return reply(await this.totp.enrol(this.context.principal, body.name), PRIVATE);
  }

  @Post(':id/activate')
  @HttpCode(200)
  @SessionOnly()
  @Audited(FactorActions.activated)
  @AnswersSecret('Draw new recovery codes: POST /v1/auth/mfa/recovery-codes.')
  @ApiOperation({
    operationId: 'activateTotp',
    summary: 'Finish it with a code that the app shows',
    description:
      'One’s other sessions end. With the first factor come ten recovery codes, shown this once. The session stays at ' +
      'aal1 until POST /v1/auth/mfa/verify, with the next code.',
  })
  @ApiOkResponse({ type: RecoveryCodesResponse })
  @ApiProblems(403, 404, 409, 422)
  async activate(@Param() path: FactorPath, @Body() body: ActivateTotpRequest): Promise<Reply<RecoveryCodesResponse>> {
    return reply(await this.totp.activate(this.context.principal, path.id, body.code), PRIVATE);
  }
}
