import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/*
 * Checkpoints of a log in the form of C2SP tlog-checkpoint and signed-note, as docs/audit-format.md has it: one
 * signature, by the server, with Ed25519. Texts have one form only, so what does not fit it is not signed. Whoever reads
 * them is an auditor: src/audit-verifier.
 */

export interface Checkpoint {
  /** whose key: the host of the public URL */
  keyName: string;
  /** whose log: a UUID */
  tenantId: string;
  /** leaves */
  size: number;
  root: Buffer;
  /** when: RFC 3339 in UTC with six decimals */
  at: string;
  epoch: number;
}

export interface CheckpointKey {
  privateKey: KeyObject;
  /** 32 bytes */
  publicKey: Buffer;
}

/** A checkpoint that is not in the form, or holds what the form has no place for. */
export class CheckpointFormError extends Error {
  override name = 'CheckpointFormError';
}

const ED25519 = Buffer.of(0x01); // signed-note's number for the algorithm
const SEED_IN_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 section 7, up to the 32 bytes

const FORM = {
  keyName: /^[a-z0-9._:[\]-]+$/, // no space, plus or slash: those separate it from what follows
  tenantId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  at: /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})[0-9]{3}Z$/,
};

/** The name of this installation's keys. @throws CheckpointFormError for a host that cannot be one */
export function checkpointKeyName(publicUrl: URL): string {
  if (!FORM.keyName.test(publicUrl.host)) throw new CheckpointFormError(`${publicUrl.host} cannot name a key`);
  return publicUrl.host;
}

/** @param seed 32 secret bytes (RFC 8032 section 5.1.5): the key ring's for this purpose @throws RangeError for others */
export function checkpointKey(seed: Buffer): CheckpointKey {
  if (seed.length !== 32) throw new RangeError('the seed of an Ed25519 key has 32 bytes');
  const privateKey = createPrivateKey({ key: Buffer.concat([SEED_IN_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { privateKey, publicKey };
}

/** What an auditor is given to check signatures with. */
export function verifierKey(keyName: string, key: CheckpointKey): string {
  const encoded = Buffer.concat([ED25519, key.publicKey]).toString('base64');
  return `${keyName}+${keyHash(keyName, key).toString('hex')}+${encoded}`;
}

/** @returns the note, ready to be handed out @throws CheckpointFormError */
export function signCheckpoint(checkpoint: Checkpoint, key: CheckpointKey): string {
  const { keyName } = checkpoint;
  const text = textOf(checkpoint);
  const signature = sign(null, Buffer.from(text), key.privateKey);
  return `${text}\n— ${keyName} ${Buffer.concat([keyHash(keyName, key), signature]).toString('base64')}\n`;
}

const keyHash = (keyName: string, { publicKey }: CheckpointKey): Buffer =>
  createHash('sha256').update(`${keyName}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);

function textOf({ keyName, tenantId, size, root, at, epoch }: Checkpoint): string {
  const isForm = {
    keyName: FORM.keyName.test(keyName),
    tenantId: FORM.tenantId.test(tenantId),
    size: isCount(size),
    root: root.length === 32,
    at: isTime(at),
    epoch: isCount(epoch),
  };
  const wrong = Object.entries(isForm).flatMap(([name, fits]) => (fits ? [] : [name]));
  if (wrong.length) throw new CheckpointFormError(`not the form of a checkpoint: ${wrong.join(', ')}`);
  return `${keyName}/audit/${tenantId}\n${size}\n${root.toString('base64')}\nat ${at}\nepoch ${epoch}\n`;
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0 && !Object.is(n, -0);

/** JavaScript's dates have three decimals, and move the 31st of February on: such a day comes out as another one. */
function isTime(at: string): boolean {
  const milliseconds = FORM.at.exec(at)?.[1];
  const date = new Date(`${milliseconds}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString() === `${milliseconds}Z`;
}
