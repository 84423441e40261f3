import type { Operation } from './types.js';

/** What an operation's declarations mean, in words: who may call, how often, and what is shown once. */
export function notesOf(operation: Operation): string[] {
  const limit = operation['x-requests-per-minute'];
  return [
    ...(operation['x-answers-secret'] ? [SECRET] : []),
    ...(typeof limit === 'number' ? [`**Limit of its own:** ${limit} requests a minute, unless set otherwise.`] : []),
    `**Access:** ${[who(operation), level(operation)].filter(Boolean).join(' ')}`,
  ];
}

const SECRET =
  'The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 ' +
  '`secret_shown_once`.';

function who(operation: Operation): string {
  const schemes = (operation.security ?? []).flatMap((alternative) => Object.keys(alternative));
  if (schemes.length === 0) return 'anybody.';
  const by = schemes.includes('apiKey') ? 'by a session or an API key.' : 'by a session; an API key is refused.';
  const permission = operation['x-permission'];
  if (typeof permission === 'string') return `permission \`${permission}\`, ${by}`;
  if (operation['x-operator']) return `operators of the installation, ${by}`;
  if (operation['x-member']) return `every member of the tenant, ${by}`;
  return `whoever is signed in, with a tenant or without, ${by}`;
}

function level(operation: Operation): string {
  if (operation['x-aal'] !== 'aal2') return '';
  const age = operation['x-aal-max-age'];
  const within = typeof age === 'number' ? `, given within the last ${age / 60} minutes` : '';
  return `The session must stand at AAL2: a second factor${within}.`;
}
