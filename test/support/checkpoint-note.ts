/** A checkpoint as docs/audit-format.md has it. */
export interface SignedCheckpoint {
  keyName: string;
  tenantId: string;
  size: number;
  root: Buffer;
  at: string;
  epoch: number;
  /** what the signature is over */
  signedText: string;
  keyHash: Buffer;
  signature: Buffer;
}

const NOTE =
  /^(?<text>(?<keyName>[^ +/]+)\/audit\/(?<tenantId>[0-9a-f-]{36})\n(?<size>\d+)\n(?<root>.+)\nat (?<at>.+)\nepoch (?<epoch>\d+)\n)\n— \k<keyName> (?<signed>.+)\n$/;

/** Reads what the server wrote. What is not in the form is the verifier's affair (test/audit/verifier.spec.ts). */
export function parseCheckpoint(note: string): SignedCheckpoint {
  const groups = NOTE.exec(note)?.groups;
  if (!groups) throw new Error(`this is no checkpoint: ${note}`);
  const { text = '', keyName = '', tenantId = '', size, root = '', at = '', epoch, signed = '' } = groups;
  const bytes = Buffer.from(signed, 'base64');
  return {
    ...{ keyName, tenantId, size: Number(size), root: Buffer.from(root, 'base64'), at, epoch: Number(epoch) },
    ...{ signedText: text, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) },
  };
}
