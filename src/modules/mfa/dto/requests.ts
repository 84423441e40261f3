import { SecretField, TextField, UuidField } from '../../../route/index.js';

export class FactorPath {
  @UuidField({ description: 'One of one’s own factors.' })
  id!: string;
}

export class EnrolTotpRequest {
  @TextField({ max: 100, description: 'What the person calls the device.', example: 'Phone' })
  name!: string;
}

export class ActivateTotpRequest {
  @SecretField({ max: 20, description: 'The six digits that the app shows.' })
  code!: string;
}

/** Exactly one of `code` and `recoveryCode`. */
export class VerifyFactorRequest {
  @UuidField({ optional: true, description: 'Which app the code is from; absent: any of one’s own.' })
  factorId?: string;

  @SecretField({ max: 20, optional: true, description: 'The six digits that the app shows.' })
  code?: string;

  @SecretField({ max: 60, optional: true, description: 'One of the recovery codes, instead of a code.' })
  recoveryCode?: string;
}

export class RenameFactorRequest {
  @TextField({ max: 100, example: 'Old phone' })
  name!: string;
}
