import { defineProblem } from '../../errors/index.js';

/** 401 for whoever is not signed in, 403 for whoever is signed in as somebody else. */
export const signInToAccept = defineProblem('sign_in_to_accept', {
  status: [401, 403],
  meaning: 'This address has an account.',
  todo: 'Sign in with it, and accept with that access token.',
  operations: ['acceptInvitation'],
});
