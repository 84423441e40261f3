import { resources } from '../../resource/index.js';

/** The chapters of the document, in the order in which a newcomer reads them. */
export const tags = (): readonly (readonly [name: string, description: string])[] => [
  ['Auth', 'Sign in, stay signed in, change one’s password, end sessions. A program takes an API key instead.'],
  ['MFA', 'Second factors: enrol them, and give one to raise the session to AAL2.'],
  ['API keys', 'Keys for programs: made by somebody at AAL2, within that person’s rights.'],
  ['Tenants', 'The tenants that one belongs to, and the one that the session is in.'],
  ['Members', 'Who belongs to the tenant, with which role.'],
  ['Invitations', 'How people come into a tenant.'],
  ['Roles', 'What members may do: roles form a graph, and one deals with those below one’s own.'],
  ['Access', 'Why somebody may or may not do something.'],
  ...resources().map(({ chapter: { tag, description } }): readonly [string, string] => [tag, description]),
  ['Files', 'Files at records: announced here, then sent to the URL of the answer.'],
  ['Webhooks', 'What happened, sent to a URL of the partner’s own.'],
  ['Jobs', 'What is done in the background.'],
  ['Audit', 'What was done by whom, with proofs that nothing was changed since.'],
  ['Platform', 'For the operators of the installation.'],
  ['Health', 'For the platform that runs the servers, and for whoever verifies tokens.'],
];

/** A tag that the list does not have comes last. */
export function rankOf(tag: string | undefined): number {
  const rank = tags().findIndex(([name]) => name === tag);
  return rank < 0 ? tags().length : rank;
}
