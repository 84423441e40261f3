/** Errors that we made say what to do next; of all others the stack is the better help. */
export function explain({ name, message, stack }: Error): string {
  const ours = /^(Config|KeyRing|EmbeddedPostgres|UnsafeDatabase|UndeclaredRoute|JobHandler|Start)Error$/.test(name);
  return ours ? message : (stack ?? message);
}
