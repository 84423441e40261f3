import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Audited, Public } from '../../../route/index.js';
import { UnlockRequest } from '../dto/passwords.js';
import { AccountActions } from '../identity.actions.js';
import { UnlockService } from './unlock.service.js';

@ApiTags('Auth')
@Controller('v1/auth/unlock')
export class UnlockController {
  constructor(private readonly service: UnlockService) {}

  @Post()
  @HttpCode(204)
  @Public()
  @Audited(AccountActions.unlocked)
  @ApiOperation({
    operationId: 'unlockAccount',
    summary: 'Unlock an account with the link of a mail',
    description: 'After too many wrong guesses the account’s owner gets that mail. Once, within ten minutes.',
  })
  @ApiNoContentResponse()
  @ApiProblems(401)
  async unlock(@Body() body: UnlockRequest): Promise<void> {
    await this.service.unlock(body.token);
  }
}
