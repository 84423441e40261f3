/** The user handle of WebAuthn (level 2, section 5.4.3): the id's 16 bytes, which say nothing about the person. */
export const handleOf = (userId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(userId.replaceAll('-', ''), 'hex'));

/** Whether a response's handle, in base64url, is that person's. */
export const isHandleOf = (userId: string, handle: string): boolean =>
  handle === Buffer.from(handleOf(userId)).toString('base64url');
