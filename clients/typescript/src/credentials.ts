/** What stands behind `Authorization: Bearer`. */
export interface Credential {
  token(): string | undefined;
  /**
   * Gets a new token in place of the one that was refused; false where there is none to get.
   * @throws ProblemError where the session has ended
   */
  renew(refused: string): Promise<boolean>;
}

/** An error of `fetch` would repeat a header that it cannot send, so that is found out before. @throws TypeError */
export function checkedToken(token: string, what: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(`${what} is empty or has characters that none has. A line break from a file, perhaps?`);
  }
  return token;
}

/** A key is good until it expires or is revoked. */
export function keyCredential(key: string): Credential {
  const token = checkedToken(key, 'apiKey');
  return { token: () => token, renew: () => Promise.resolve(false) };
}
