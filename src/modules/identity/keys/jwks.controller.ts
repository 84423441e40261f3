import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AnswerHeaders, Public, reply, type Reply, Unlimited } from '../../../route/index.js';
import { JWKS_MAX_AGE_SECONDS } from './key-times.js';
import { SigningKeys } from './signing-keys.js';

class PublicKeyView {
  @ApiProperty({ enum: ['EC'] }) kty!: string;
  @ApiProperty({ enum: ['P-256'] }) crv!: string;
  @ApiProperty({ description: 'base64url' }) x!: string;
  @ApiProperty({ description: 'base64url' }) y!: string;
  @ApiProperty({ description: 'What the header of a token names.' }) kid!: string;
  @ApiProperty({ enum: ['ES256'] }) alg!: string;
  @ApiProperty({ enum: ['sig'] }) use!: string;
}

class KeySet {
  @ApiProperty({ type: [PublicKeyView] }) keys!: PublicKeyView[];
}

/** Public keys of the access tokens (RFC 7517). */
@ApiTags('Health')
@Controller('.well-known')
@Unlimited('read from memory, and cached; who cannot read it can verify no token')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'Public keys that verify access tokens',
    description: 'Choose by `kid`. A new key is here before it signs, an old one until its last token has expired.',
  })
  @ApiOkResponse({
    description: 'A JWK Set (RFC 7517).',
    type: KeySet,
  })
  jwks(): Reply<unknown> {
    const headers = { 'Cache-Control': `public, max-age=${JWKS_MAX_AGE_SECONDS}`, ETag: this.keys.publicSetTag };
    return reply(this.keys.publicSet, headers);
  }
}
