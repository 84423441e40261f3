import { EmailField, SecretField, TextField } from '../../../route/index.js';

export class LoginRequest {
  @EmailField({ example: 'owner@acme.example' })
  email!: string;

  // longer than a password may be: one that was typed in another normal form is as good
  @SecretField({ max: 512 })
  password!: string;

  @TextField({ max: 64, optional: true, description: 'Id or slug of the tenant to sign in to.', example: 'acme' })
  tenant?: string;
}

export class RefreshRequest {
  @SecretField({ max: 128, description: 'The refresh token of the last answer.' })
  refreshToken!: string;
}

export class SwitchTenantRequest {
  @TextField({ max: 64, description: 'Id or slug of a tenant that one belongs to.', example: 'globex' })
  tenant!: string;
}
