import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public, reply, type Reply } from '../../../route/index.js';
import { JWKS_MAX_AGE_SECONDS } from './key-times.js';
import { SigningKeys } from './signing-keys.js';

/** Public keys of the access tokens (RFC 7517). */
@ApiTags('Auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'Public keys that verify access tokens',
    description: 'Choose by `kid`. A new key is here before it signs, an old one until its last token has expired.',
  })
  @ApiOkResponse({
    description: 'A JWK Set (RFC 7517).',
    schema: { type: 'object', properties: { keys: { type: 'array', items: { type: 'object' } } } },
  })
  @ApiResponse({ status: 304, description: 'The set that If-None-Match names is still the one.' })
  jwks(): Reply<unknown> {
    const headers = { 'Cache-Control': `public, max-age=${JWKS_MAX_AGE_SECONDS}`, ETag: this.keys.publicSetTag };
    return reply(this.keys.publicSet, headers);
  }
}
