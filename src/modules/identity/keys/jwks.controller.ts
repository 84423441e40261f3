import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, reply, type Reply } from '../../../route/index.js';
import { SigningKeys } from './signing-keys.js';

/** Public keys of the access tokens (RFC 7517). */
@ApiTags('Auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @ApiOperation({ operationId: 'getJwks', summary: 'Public keys that verify access tokens' })
  @ApiOkResponse({
    description: 'A JWK Set (RFC 7517).',
    schema: { type: 'object', properties: { keys: { type: 'array', items: { type: 'object' } } } },
  })
  jwks(): Reply<unknown> {
    return reply(this.keys.publicSet, { 'Cache-Control': 'public, max-age=60' });
  }
}
