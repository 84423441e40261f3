/** Errors whose message was written for whoever reads it: it says what to do next. */
const OURS = /^(Cli|Config|KeyRing|EmbeddedPostgres|UnsafeDatabase|Start)Error$/;

/** What to do about the refusals that everybody meets: SQLSTATEs and system errors, by code. */
const NEXT: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there. Is the server running, and are host and port of the URL right?',
  ENOTFOUND: 'The name of the host is not known. Check the URL.',
  ETIMEDOUT: 'The server does not answer. Check host, port and firewall.',
  EACCES: 'This account may not read or write there. Choose another place (RINGFENCE_HOME), or mend its permissions.',
  EROFS: 'Nothing can be written there. Choose another place with RINGFENCE_HOME.',
  '28P01': 'Check the password in the URL. `npm run ringfence -- db bootstrap` sets the roles’ passwords anew.',
  '28000': 'The server lets no such user in. Check the user of the URL, and pg_hba.conf.',
  '3D000': 'Make it and the roles with `npm run ringfence -- db bootstrap`.',
  '42501':
    'This role may not do that: `db bootstrap` needs a superuser, `db migrate` the role ringfence_owner, `tenant` and `operator` the role ringfence_service.',
  '53300': 'The server has no connection left. Try again, or raise max_connections.',
};

/**
 * What to print about an error: our own and the expected ones as a message with what to do next, all others with their
 * stack, since then the stack is the better help. No URL and no value of a statement is in it.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (OURS.test(error.name)) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  const next = NEXT[code ?? ''];
  if (next) return `${messageOf(error)}.\n${next}`;
  // plain errors are thrown with a message for people; a TypeError is a mistake of ours
  return error.name === 'Error' && code === undefined ? error.message : (error.stack ?? error.message);
}

/** A host with several addresses fails once for each, and the sum has no message of its own. */
function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return error.message || (first instanceof Error ? first.message : error.name);
}
