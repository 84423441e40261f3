import { defineProblem } from '../../errors/index.js';

export const noFactor = defineProblem('no_factor', {
  status: 409,
  meaning: 'You have no such second factor.',
  todo: 'Enrol one first, with POST /v1/auth/mfa/totp or a passkey.',
});

export const factorUnavailable = defineProblem('factor_unavailable', {
  status: 503,
  meaning: 'This factor cannot be checked at the moment.',
  todo: 'Use another one.',
  operations: ['activateTotp', 'verifyFactor'],
  extras: { retryAfterSeconds: 60 },
});

export const tooManyFactors = defineProblem('too_many_factors', {
  status: 409,
  meaning: 'Nobody has more second factors than this.',
  todo: 'Remove one first.',
  operations: ['enrolTotp', 'createPasskeyRegistrationOptions', 'registerPasskey'],
});

export const factorAlreadyActive = defineProblem('factor_already_active', {
  status: 409,
  meaning: 'This factor is active already.',
  todo: 'Use it with POST /v1/auth/mfa/verify.',
  operations: ['activateTotp'],
});

/** 401 at step-up; 422 at enrolment, where whoever asks is not asked who they are. */
export const codeInvalid = defineProblem('code_invalid', {
  status: [401, 422],
  meaning: 'This code is not right.',
  todo: 'Let the person type the one that is shown now.',
  operations: ['activateTotp', 'verifyFactor'],
});

export const codeUsed = defineProblem('code_used', {
  status: 401,
  meaning: 'This code was used before.',
  todo: 'Wait for the next one.',
  operations: ['verifyFactor'],
});

export const passwordTooShortAlone = defineProblem('password_too_short_alone', {
  status: 409,
  meaning: 'Your password is too short to be the only factor.',
  todo: 'Set a longer one before you remove this factor.',
  operations: ['removeFactor'],
});

export const passkeyInvalid = defineProblem('passkey_invalid', {
  status: 401,
  meaning: 'This passkey was not accepted.',
  todo: 'Ask for new options and try again.',
  operations: ['loginWithPasskey', 'verifyPasskey'],
});

export const credentialInvalid = defineProblem('credential_invalid', {
  status: 422,
  meaning: 'This passkey cannot be registered.',
  todo: 'Ask for new options and try again.',
  operations: ['registerPasskey'],
});

export const credentialRegistered = defineProblem('credential_registered', {
  status: 409,
  meaning: 'This passkey is registered already.',
  todo: 'Use it, or register another one.',
  operations: ['registerPasskey'],
});
