import { defineProblem } from '../../errors/index.js';

// sessions

export const credentialsInvalid = defineProblem('credentials_invalid', {
  status: 401,
  meaning: 'E-mail or password is wrong.',
  todo: 'Let the person type them again, or choose a new password with POST /v1/auth/password/forgot.',
  operations: ['login'],
});

export const refreshTokenInvalid = defineProblem('refresh_token_invalid', {
  status: 401,
  meaning: 'This refresh token is not valid.',
  todo: 'Sign in again.',
  operations: ['refresh'],
});

export const refreshTokenReused = defineProblem('refresh_token_reused', {
  status: 401,
  meaning: 'This refresh token was used before, and the session has ended for that: somebody else may have it.',
  todo: 'Sign in again, and store each new refresh token before you use it.',
  operations: ['refresh'],
});

export const refreshTokenSuperseded = defineProblem('refresh_token_superseded', {
  status: 409,
  meaning: 'This refresh token was used and so was the one after it.',
  todo: 'Use the newest.',
  operations: ['refresh'],
});

export const sessionTooOld = defineProblem('session_too_old', {
  status: 401,
  meaning: 'This tenant wants sessions that began later.',
  todo: 'Sign in again.',
});

export const notAMember = defineProblem('not_a_member', {
  status: 403,
  meaning: 'You are not a member of this tenant, or there is none of that name.',
  todo: 'Choose one that GET /v1/tenants lists.',
});

export const signInBusy = defineProblem('sign_in_busy', {
  status: 503,
  meaning: 'There are too many sign-ins at once.',
  todo: 'Try again after Retry-After seconds.',
  extras: { retryAfterSeconds: 2 },
});

export const tooManyAttempts = defineProblem('too_many_attempts', {
  status: 429,
  meaning: 'There were too many wrong attempts, or too many mails were asked for.',
  todo: 'Wait for Retry-After seconds, or follow the link in the mail that was sent.',
});

export const linkInvalid = defineProblem('link_invalid', {
  status: 401,
  meaning: 'This link is not good any more.',
  todo: 'Ask for a new one.',
  operations: ['resetPassword', 'unlockAccount', 'verifyMagicLink'],
});

// passwords

const NEW_PASSWORD = ['acceptInvitation', 'changePassword', 'resetPassword'];
const ANOTHER = 'Let the person choose another one, as `errors` says.';

// 422 and not 401: whoever asks is signed in, and a client that refreshes on 401 would guess once more
export const currentPasswordWrong = defineProblem('current_password_wrong', {
  status: 422,
  meaning: 'The current password is wrong.',
  todo: 'Let the person type it again.',
  operations: ['changePassword'],
  extras: { errors: [{ field: 'currentPassword', message: 'is wrong' }] },
});

export const passwordUnchanged = defineProblem('password_unchanged', {
  status: 422,
  meaning: 'This is the current password.',
  todo: ANOTHER,
  operations: ['changePassword'],
  extras: { errors: [{ field: 'newPassword', message: 'must differ from the current password' }] },
});

export const passwordTooShort = defineProblem('password_too_short', {
  status: 422,
  meaning: 'This password is too short.',
  todo: ANOTHER,
  operations: NEW_PASSWORD,
});

export const passwordTooLong = defineProblem('password_too_long', {
  status: 422,
  meaning: 'This password is too long.',
  todo: ANOTHER,
  operations: NEW_PASSWORD,
});

export const passwordCommon = defineProblem('password_common', {
  status: 422,
  meaning: 'This password is on the lists that guessers begin with.',
  todo: ANOTHER,
  operations: NEW_PASSWORD,
});

export const passwordGuessable = defineProblem('password_guessable', {
  status: 422,
  meaning: 'This password is made of what anybody could guess here, or it repeats itself.',
  todo: ANOTHER,
  operations: NEW_PASSWORD,
});
