import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';
import { EmailField, SecretField, TextField } from '../../../route/index.js';

/** base64url of the SHA-256 of a verifier (RFC 7636 section 4.2, S256). */
const ChallengeField = (description: string): PropertyDecorator =>
  applyDecorators(
    TextField({ min: 43, max: 43, optional: true, description }),
    Matches(/^[\w-]*$/, { message: '$property must be base64url' }),
  );

/** RFC 7636 section 4.1. */
const VerifierField = (description: string): PropertyDecorator =>
  applyDecorators(
    TextField({ min: 43, max: 128, optional: true, description }),
    Matches(/^[\w.~-]*$/, { message: '$property must be letters, digits and -._~' }),
  );

export class ForgotPasswordRequest {
  @EmailField({ example: 'owner@acme.example' })
  email!: string;
}

export class ResetPasswordRequest {
  @SecretField({ max: 128, description: 'The token of the link in the mail.' })
  token!: string;

  @SecretField({ max: 512, description: '8 to 128 characters; 15 and more where there is no second factor.' })
  password!: string;
}

export class ChangePasswordRequest {
  @SecretField({ max: 512 })
  currentPassword!: string;

  @SecretField({ max: 512, description: '8 to 128 characters; 15 and more where there is no second factor.' })
  newPassword!: string;
}

export class MagicLinkRequest {
  @EmailField({ example: 'owner@acme.example' })
  email!: string;

  @TextField({ max: 64, optional: true, description: 'Id or slug of the tenant to sign in to.', example: 'acme' })
  tenant?: string;

  @ChallengeField(
    'base64url of the SHA-256 of a verifier that the asker keeps (RFC 7636, S256): the link is then theirs alone.',
  )
  codeChallenge?: string;
}

export class VerifyMagicLinkRequest {
  @SecretField({ max: 128, description: 'The token of the link in the mail.' })
  token!: string;

  @VerifierField('The verifier, where a challenge was given, and only there.')
  codeVerifier?: string;
}

export class UnlockRequest {
  @SecretField({ max: 128, description: 'The token of the link in the mail.' })
  token!: string;
}
