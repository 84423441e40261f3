import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { TextField } from '../../../../route/index.js';
import { AssertionCredential, RegistrationCredential } from './credentials.js';

export class RegisterPasskeyRequest {
  @TextField({ max: 100, example: 'Laptop', description: 'What its owner calls it.' })
  name!: string;

  @ApiProperty({ type: RegistrationCredential })
  @IsObject()
  @ValidateNested()
  @Type(() => RegistrationCredential)
  credential!: RegistrationCredential;
}

export class VerifyPasskeyRequest {
  @ApiProperty({ type: AssertionCredential })
  @IsObject()
  @ValidateNested()
  @Type(() => AssertionCredential)
  credential!: AssertionCredential;
}

export class PasskeyLoginRequest extends VerifyPasskeyRequest {
  @TextField({ max: 64, optional: true, description: 'Id or slug of the tenant to sign in to.', example: 'acme' })
  tenant?: string;
}
