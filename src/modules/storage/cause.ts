/** Code and message of what a system call or an SDK threw: never its request, which has signatures in it. */
export function causeOf(cause: unknown): string {
  const { name = 'Error', code, message = '' } = (cause ?? {}) as { name?: string; code?: string; message?: string };
  return [name, code, message].filter(Boolean).join(' ').slice(0, 300);
}
