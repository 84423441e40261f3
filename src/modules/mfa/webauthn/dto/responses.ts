import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const BYTES = 'base64url without padding';

class RelyingPartyView {
  @ApiPropertyOptional({ example: 'ringfence.example' }) id?: string;
  @ApiProperty({ example: 'Ringfence' }) name!: string;
}

class PasskeyUserView {
  @ApiProperty({ description: `Opaque handle of the account; ${BYTES}.` }) id!: string;
  @ApiProperty({ format: 'email', description: 'What the browser shows, to tell accounts apart.' }) name!: string;
  @ApiProperty() displayName!: string;
}

class AlgorithmView {
  @ApiProperty({ enum: ['public-key'] }) type!: string;
  @ApiProperty({ type: 'integer', example: -7, description: 'COSE algorithm (RFC 9053).' }) alg!: number;
}

class CredentialDescriptorView {
  @ApiProperty({ description: BYTES }) id!: string;
  @ApiProperty({ enum: ['public-key'] }) type!: string;
  @ApiPropertyOptional({ type: [String], example: ['internal'] }) transports?: string[];
}

class AuthenticatorSelectionView {
  @ApiPropertyOptional({ enum: ['preferred'] }) residentKey?: string;
  @ApiPropertyOptional() requireResidentKey?: boolean;
  @ApiPropertyOptional({ enum: ['required'] }) userVerification?: string;
}

/** PublicKeyCredentialCreationOptionsJSON (WebAuthn level 3, section 5.1.9). */
export class RegistrationOptionsResponse {
  @ApiProperty({ type: RelyingPartyView }) rp!: RelyingPartyView;
  @ApiProperty({ type: PasskeyUserView }) user!: PasskeyUserView;
  @ApiProperty({ description: `${BYTES}; good for one attempt in five minutes, in this session.` }) challenge!: string;
  @ApiProperty({ type: [AlgorithmView] }) pubKeyCredParams!: AlgorithmView[];
  @ApiPropertyOptional({ type: 'integer', example: 300_000, description: 'Milliseconds.' }) timeout?: number;
  @ApiPropertyOptional({ type: [CredentialDescriptorView] }) excludeCredentials?: CredentialDescriptorView[];
  @ApiPropertyOptional({ type: AuthenticatorSelectionView }) authenticatorSelection?: AuthenticatorSelectionView;
  @ApiPropertyOptional({ enum: ['none'] }) attestation?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) extensions?: object;
  @ApiPropertyOptional({ type: [String] }) hints?: string[];
}

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn level 3, section 5.1.10). */
export class AuthenticationOptionsResponse {
  @ApiProperty({ description: `${BYTES}; good for one attempt in five minutes.` }) challenge!: string;
  @ApiPropertyOptional({ type: 'integer', example: 300_000, description: 'Milliseconds.' }) timeout?: number;
  @ApiPropertyOptional({ example: 'ringfence.example' }) rpId?: string;
  @ApiPropertyOptional({ type: [CredentialDescriptorView] }) allowCredentials?: CredentialDescriptorView[];
  @ApiPropertyOptional({ enum: ['required'] }) userVerification?: string;
}

export class PasskeyRegisteredResponse {
  @ApiProperty({ format: 'uuid', description: 'The factor; it counts at once.' }) id!: string;
  @ApiProperty({
    type: [String],
    description: 'Ten codes for the day when every factor is lost, shown this once; empty when there are some already.',
  })
  recoveryCodes!: string[];
}
