import { isoCBOR } from '@simplewebauthn/server/helpers';
import { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository, WebAuthnEmulator } from 'nid-webauthn-emulator';
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** The relying party of specs that have no browser. */
export const RP_ID = 'ringfence.example';
export const ORIGIN = 'https://app.ringfence.example';
export const WEBAUTHN = { WEBAUTHN_RP_ID: RP_ID, WEBAUTHN_ORIGINS: `https://other.ringfence.example, ${ORIGIN}` };

type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** PublicKeyCredential.toJSON() of either ceremony. */
export interface CredentialJson<Response extends { clientDataJSON: string } = any> {
  id: string;
  rawId: string;
  type: string;
  clientExtensionResults: object;
  response: Response;
}

export type Attestation = CredentialJson<{ clientDataJSON: string; attestationObject: string; transports: string[] }>;
export type Assertion = CredentialJson<{
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle?: string;
}>;

/** What an authenticator or a page may lie about. */
export interface Lie {
  /** members of CollectedClientData to replace */
  clientData?: object;
  rpId?: string;
  userPresent?: boolean;
  userVerified?: boolean;
  counter?: number;
}

const UP = 0x01;
const UV = 0x04;

/** A device with passkeys, and the browser in front of it. It verifies its user and counts, unless told not to. */
export class SoftAuthenticator {
  private readonly kept = new PasskeysCredentialsMemoryRepository();
  private readonly emulator: WebAuthnEmulator;

  constructor({ counts = true, algorithm = 'ES256' }: { counts?: boolean; algorithm?: Algorithm } = {}) {
    this.emulator = new WebAuthnEmulator(
      new AuthenticatorEmulator({
        credentialsRepository: this.kept,
        algorithmIdentifiers: [algorithm],
        signCounterIncrement: counts ? 1 : 0,
        transports: ['internal'],
      }),
    );
  }

  /** navigator.credentials.create() */
  create(options: unknown, lie: Lie = {}): Attestation {
    const { response, ...rest } = this.emulator.createJSON(ORIGIN, options as never);
    const object = bytesOf(response.attestationObject);
    const start = object.indexOf(sha256(RP_ID));
    twist(object.subarray(start), lie);
    return {
      ...rest,
      response: {
        ...response,
        clientDataJSON: clientData(response.clientDataJSON, lie),
        attestationObject: object.toString('base64url'),
        transports: [...response.transports],
      },
    };
  }

  /** navigator.credentials.get(). What it lies about is signed all the same. */
  get(options: unknown, lie: Lie = {}): Assertion {
    const { response, ...rest } = this.emulator.getJSON(ORIGIN, options as never);
    const authenticatorData = twist(bytesOf(response.authenticatorData), lie);
    const clientDataJSON = clientData(response.clientDataJSON, lie);
    const signed = Buffer.concat([authenticatorData, sha256(bytesOf(clientDataJSON))]);
    const { key } = this;
    return {
      ...rest,
      response: {
        ...response,
        clientDataJSON,
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key).toString('base64url'),
      },
    };
  }

  /** The same registration with a statement by the credential's own key (packed self attestation, section 8.2). */
  selfAttested(registration: Attestation): Attestation {
    return attested(registration, 'packed', (signed) => packed(sign('sha256', signed, this.key)));
  }

  /** The same registration with a statement by a maker's key, whose certificate comes along (packed, section 8.2). */
  makerAttested(registration: Attestation): Attestation {
    const key = createPrivateKey({ key: MAKER, format: 'jwk' });
    const x5c: [string, unknown] = ['x5c', [new Uint8Array(Buffer.from(MAKERS_CERTIFICATE, 'base64'))]];
    return attested(registration, 'packed', (signed) => packed(sign('sha256', signed, key), x5c));
  }

  private get key(): KeyObject {
    const { privateKey } = this.only.publicKeyCredentialSource;
    return createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  }

  private get only() {
    const [credential] = this.kept.loadCredentials();
    if (!credential) throw new Error('this authenticator has no passkey');
    return credential;
  }
}

/**
 * The same registration with another attestation statement.
 * @param statement from the bytes that such statements sign
 */
export function attested(
  registration: Attestation,
  format: string,
  statement: (signed: Buffer) => Map<string, unknown>,
): Attestation {
  const { response } = registration;
  const object = isoCBOR.decodeFirst<Map<string, any>>(new Uint8Array(bytesOf(response.attestationObject)));
  const signed = Buffer.concat([object.get('authData') as Uint8Array, sha256(bytesOf(response.clientDataJSON))]);
  object.set('fmt', format).set('attStmt', statement(signed));
  const attestationObject = Buffer.from(isoCBOR.encode(object)).toString('base64url');
  return { ...registration, response: { ...response, attestationObject } };
}

const packed = (signature: Buffer, ...more: [string, unknown][]): Map<string, unknown> =>
  new Map<string, unknown>([['alg', -7], ['sig', new Uint8Array(signature)], ...more]);

export const bytesOf = (base64url: string): Buffer => Buffer.from(base64url, 'base64url');

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

function clientData(json: string, lie: Lie): string {
  if (!lie.clientData) return json;
  const data = JSON.parse(bytesOf(json).toString()) as object;
  return Buffer.from(JSON.stringify({ ...data, ...lie.clientData })).toString('base64url');
}

/** Changes authenticator data in place (level 2, section 6.1): 32 bytes of RP id hash, one of flags, four of counter. */
function twist(data: Buffer, { rpId, userPresent, userVerified, counter }: Lie): Buffer {
  if (rpId !== undefined) sha256(rpId).copy(data);
  if (userPresent === false) data.writeUInt8(data.readUInt8(32) & ~UP, 32);
  if (userVerified === false) data.writeUInt8(data.readUInt8(32) & ~UV, 32);
  if (counter !== undefined) data.writeUInt32BE(counter, 33);
  return data;
}

/** A key pair of these tests alone. */
const MAKER = {
  kty: 'EC',
  crv: 'P-256',
  d: '_1p3NMywvalDNFKMpXwMStsPRGPe27MZTMLaSX8-iL4',
  x: '5iM-CCIbKHWXd_b4-Y5bBwf_bwVPY-MRrOkntyk26zg',
  y: '8HZPIlAPOpT2ugiiJ6AsiIJj922o6QZ3XwDH7P_IMy0',
};

/** Its certificate, by itself, as section 8.2.1 wants one; good until 2120. */
const MAKERS_CERTIFICATE = [
  'MIIBzTCCAXSgAwIBAgIBATAKBggqhkjOPQQDAjBXMQswCQYDVQQGEwJERTERMA8GA1UECgwIU29tZWJvZHkxIjAgBgNVBAsMGUF1dGhlbnRpY2',
  'F0b3IgQXR0ZXN0YXRpb24xETAPBgNVBAMMCEEgZGV2aWNlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjBXMQswCQYDVQQGEwJE',
  'RTERMA8GA1UECgwIU29tZWJvZHkxIjAgBgNVBAsMGUF1dGhlbnRpY2F0b3IgQXR0ZXN0YXRpb24xETAPBgNVBAMMCEEgZGV2aWNlMFkwEwYHKo',
  'ZIzj0CAQYIKoZIzj0DAQcDQgAE5iM+CCIbKHWXd/b4+Y5bBwf/bwVPY+MRrOkntyk26zjwdk8iUA86lPa6CKInoCyIgmP3bajpBndfAMfs/8gz',
  'LaMvMC0wDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQU7J3Kwja15LnSPzU+x+rocc5ixc8wCgYIKoZIzj0EAwIDRwAwRAIgaguZsWm8Eq7Xr4N8v7',
  'i3P9N9iW4NNElDlkWIHC/RvrwCIAv/94yWH6inDtAHNrs105VfdtGDcj7jdpzoiLPLiCVx',
].join('');
