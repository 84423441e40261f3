import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  Matches,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ChoiceField, TextField } from '../../../../route/index.js';
import { Base64UrlField } from './base64url-field.js';

/** The longest credential id that WebAuthn knows, 1023 bytes, in base64url. */
const ID_MAX = 1_364;
const CLIENT_DATA_MAX = 4_096;
const EXTENSIONS_MAX = 4_096;
const TRANSPORT = /^[a-z-]{1,32}$/;

const SmallObject = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'smallObject',
    validator: {
      validate: (value) => JSON.stringify(value ?? null).length <= max,
      defaultMessage: () => `$property must be at most ${max} characters of JSON`,
    },
  });

/** What both ceremonies answer with: the members of PublicKeyCredential.toJSON(). */
abstract class PublicKeyCredentialJson {
  @Base64UrlField({ max: ID_MAX })
  id!: string;

  @Base64UrlField({ max: ID_MAX, description: 'The same as `id`.' })
  rawId!: string;

  @ChoiceField(['public-key'])
  type!: 'public-key';

  @TextField({ max: 32, optional: true, description: '`platform` or `cross-platform`; not used.' })
  authenticatorAttachment?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: `What the browser says of extensions; not used. At most ${EXTENSIONS_MAX} characters of JSON.`,
  })
  @IsObject()
  @SmallObject(EXTENSIONS_MAX)
  clientExtensionResults!: Record<string, unknown>;
}

export class AttestationResponse {
  @Base64UrlField({ max: CLIENT_DATA_MAX })
  clientDataJSON!: string;

  @Base64UrlField({ max: 16_384 })
  attestationObject!: string;

  @Base64UrlField({ max: 16_384, optional: true, description: 'Not used: it is in the attestation object.' })
  authenticatorData?: string;

  @ApiPropertyOptional({ type: [String], maxItems: 8, example: ['internal', 'hybrid'] })
  @ValidateIf((_, value) => value !== undefined)
  @IsArray()
  @ArrayMaxSize(8)
  @Matches(TRANSPORT, { each: true, message: 'each of $property must be a word like "internal"' })
  transports?: string[];

  @Base64UrlField({ max: 4_096, optional: true, description: 'Not used: it is in the attestation object.' })
  publicKey?: string;

  @ApiPropertyOptional({ type: 'integer', example: -7, description: 'Not used: it is in the attestation object.' })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt()
  publicKeyAlgorithm?: number;
}

export class AssertionResponse {
  @Base64UrlField({ max: CLIENT_DATA_MAX })
  clientDataJSON!: string;

  @Base64UrlField({ max: 4_096 })
  authenticatorData!: string;

  @Base64UrlField({ max: 2_048 })
  signature!: string;

  @Base64UrlField({ max: 88, optional: true, description: 'Whose passkey it is; a discoverable one always says so.' })
  userHandle?: string;
}

/** RegistrationResponseJSON (WebAuthn level 3, section 5.1): `(await navigator.credentials.create(...)).toJSON()`. */
export class RegistrationCredential extends PublicKeyCredentialJson {
  @ApiProperty({ type: AttestationResponse })
  @IsObject()
  @ValidateNested()
  @Type(() => AttestationResponse)
  response!: AttestationResponse;
}

/** AuthenticationResponseJSON (WebAuthn level 3, section 5.1): `(await navigator.credentials.get(...)).toJSON()`. */
export class AssertionCredential extends PublicKeyCredentialJson {
  @ApiProperty({ type: AssertionResponse })
  @IsObject()
  @ValidateNested()
  @Type(() => AssertionResponse)
  response!: AssertionResponse;
}
