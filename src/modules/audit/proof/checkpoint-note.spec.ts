import { describe, expect, it } from '@jest/globals';
import { createHash, verify } from 'node:crypto';
import { parseCheckpoint } from '../../../../test/support/checkpoint-note.js';
import * as notes from './checkpoint-note.js';
import { EMPTY_ROOT } from './merkle.js';

const { CheckpointFormError, checkpointKey, checkpointKeyName, signCheckpoint, verifierKey } = notes;
const key = checkpointKey(createHash('sha256').update('a seed').digest());
const CHECKPOINT: notes.Checkpoint = {
  keyName: 'ringfence.example',
  tenantId: '01a2b3c4-0000-7000-8000-00000000000f',
  size: 42,
  root: createHash('sha256').update('a root').digest(),
  at: '2026-11-21T16:00:00.123456Z',
  epoch: 1,
};
const NOTE = signCheckpoint(CHECKPOINT, key);

describe('the key', () => {
  it('is that of RFC 8032 section 7.1, test 1', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const { privateKey, publicKey } = checkpointKey(seed);
    expect(publicKey.toString('hex')).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(privateKey.asymmetricKeyType).toBe('ed25519');
  });

  it('comes from 32 bytes and no other number', () => {
    for (const bytes of [0, 31, 33, 64]) expect(() => checkpointKey(Buffer.alloc(bytes))).toThrow(RangeError);
  });

  it('is written as the verifier key of golang.org/x/mod/sumdb/note', () => {
    const encoded = 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const publicKey = Buffer.from(encoded, 'base64').subarray(1);
    expect(verifierKey('PeterNeumann', { ...key, publicKey })).toBe(`PeterNeumann+c74f20a3+${encoded}`);
  });

  it('has the name of the host', () => {
    expect(checkpointKeyName(new URL('https://Ringfence.Example/base?x'))).toBe('ringfence.example');
    expect(checkpointKeyName(new URL('http://localhost:3000'))).toBe('localhost:3000');
    expect(checkpointKeyName(new URL('http://[::1]:3000'))).toBe('[::1]:3000');
    expect(checkpointKeyName(new URL('https://bücher.example'))).toBe('xn--bcher-kva.example');
    expect(() => checkpointKeyName(new URL('http://a+b.example'))).toThrow(CheckpointFormError);
    expect(() => checkpointKeyName(new URL('file:///x'))).toThrow(CheckpointFormError);
  });
});

describe('a checkpoint', () => {
  it('has the lines of the format', () => {
    const [text, signatures] = NOTE.split('\n\n');
    expect(text).toBe(
      'ringfence.example/audit/01a2b3c4-0000-7000-8000-00000000000f\n42\n' +
        `${CHECKPOINT.root.toString('base64')}\nat 2026-11-21T16:00:00.123456Z\nepoch 1`,
    );
    expect(signatures).toMatch(/^\u2014 ringfence\.example [A-Za-z0-9+/]{91}=\n$/);
  });

  it('is signed by the key that the verifier key names', () => {
    const { signedText, keyHash, signature } = parseCheckpoint(NOTE);
    const [, hash, encoded] = verifierKey(CHECKPOINT.keyName, key).split('+', 3) as [string, string, string];
    expect(keyHash.toString('hex')).toBe(hash);
    expect(Buffer.from(encoded, 'base64')[0]).toBe(1);
    const x = key.publicKey.toString('base64url');
    const publicKey = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const;
    expect(verify(null, Buffer.from(signedText), publicKey, signature)).toBe(true);
    expect(verify(null, Buffer.from(signedText.replace('42', '43')), publicKey, signature)).toBe(false);
  });

  it.each([
    CHECKPOINT,
    { ...CHECKPOINT, size: 0, root: EMPTY_ROOT },
    { ...CHECKPOINT, size: Number.MAX_SAFE_INTEGER, epoch: 0, keyName: '[::1]:3000' },
    { ...CHECKPOINT, tenantId: '00000000-0000-0000-0000-000000000000', at: '2024-02-29T23:59:59.000000Z' },
  ])('reads back as it was', (checkpoint) => {
    expect(parseCheckpoint(signCheckpoint(checkpoint, key))).toMatchObject(checkpoint);
  });

  it.each<Partial<notes.Checkpoint>>([
    { keyName: '' },
    { keyName: 'a b' },
    { keyName: 'a+b' },
    { keyName: 'a/b' },
    { keyName: 'a\n' },
    { keyName: 'a\u00a0b' },
    { tenantId: 'T' },
    { tenantId: CHECKPOINT.tenantId.toUpperCase() },
    { tenantId: `${CHECKPOINT.tenantId}\n` },
    { size: -1 },
    { size: -0 },
    { size: 0.5 },
    { size: 2 ** 53 },
    { size: Number.NaN },
    { epoch: -1 },
    { epoch: 1.5 },
    { root: Buffer.alloc(31) },
    { root: Buffer.alloc(33) },
    { at: '2026-11-21T16:00:00.123Z' },
    { at: '2026-11-21T16:00:00.123456+00:00' },
    { at: '2026-11-21 16:00:00.123456Z' },
    { at: '2026-02-31T16:00:00.123456Z' },
    { at: '2026-13-01T16:00:00.123456Z' },
    { at: '2026-11-21T24:00:00.000000Z' },
    { at: '2026-11-21T16:00:00.123456Z\nepoch 7' },
  ])('is not signed with %j', (other) => {
    expect(() => signCheckpoint({ ...CHECKPOINT, ...other }, key)).toThrow(CheckpointFormError);
  });
});
