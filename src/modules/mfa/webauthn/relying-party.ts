import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { CEREMONY_SECONDS } from './challenges.js';
import type { AssertionCredential, RegistrationCredential } from './dto/credentials.js';
import type { AuthenticationOptionsResponse, RegistrationOptionsResponse } from './dto/responses.js';
import { handleOf } from './user-handle.js';

/** A credential that somebody has, as options name it. */
export interface KnownCredential {
  id: string;
  transports: string[];
}

/** What a registration proved. */
export interface NewCredential extends KnownCredential {
  /** COSE_Key (RFC 9052) */
  publicKey: Buffer;
  signCount: number;
}

type Ceremony<Response> = Pick<RegistrationCredential, 'id' | 'rawId' | 'type'> & { response: Response };

const NAME = 'Ringfence';
/** ES256, EdDSA, and RS256 for Windows Hello on older TPMs (RFC 9053, RFC 8812). */
const ALGORITHMS = [-7, -8, -257];
const TIMEOUT_MS = CEREMONY_SECONDS * 1000;

/** Loaded with the first ceremony: a quarter of a second that most starts do without. */
const library = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

/**
 * The relying party of WebAuthn (level 2, section 7). User verification is required in every ceremony: a passkey is then
 * two factors, the device and what unlocks it (NIST SP 800-63B, AAL2).
 */
@Injectable()
export class RelyingParty {
  private readonly rpId: string;
  private readonly origins: string[];

  constructor(config: Config) {
    ({ rpId: this.rpId, origins: this.origins } = config.webAuthn);
  }

  async creationOptions(
    challenge: Uint8Array<ArrayBuffer>,
    user: { id: string; email: string; full_name: string },
    exclude: KnownCredential[],
  ): Promise<RegistrationOptionsResponse> {
    const { generateRegistrationOptions } = await library();
    return generateRegistrationOptions({
      rpName: NAME,
      rpID: this.rpId,
      userID: handleOf(user.id),
      userName: user.email,
      userDisplayName: user.full_name,
      challenge,
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: exclude,
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  /** @param allow undefined: whichever passkey the person picks, so that the options tell nothing about anybody */
  async requestOptions(
    challenge: Uint8Array<ArrayBuffer>,
    allow?: KnownCredential[],
  ): Promise<AuthenticationOptionsResponse> {
    const { generateAuthenticationOptions } = await library();
    return generateAuthenticationOptions({
      rpID: this.rpId,
      challenge,
      timeout: TIMEOUT_MS,
      userVerification: 'required',
      ...(allow ? { allowCredentials: allow } : {}),
    });
  }

  /** @returns undefined, whatever is wrong with the response: it is the client's, down to the last byte */
  async registered(credential: RegistrationCredential, challenge: string): Promise<NewCredential | undefined> {
    try {
      if (!(await attestsNobody(credential)) || (await isCrossOrigin(credential))) return undefined;
      const { verifyRegistrationResponse } = await library();
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: withoutExtensions(credential),
        ...this.expected(challenge),
        supportedAlgorithmIDs: ALGORITHMS,
      });
      if (!verified || registrationInfo.credential.id !== credential.id) return undefined;
      const { id, publicKey, counter } = registrationInfo.credential;
      return {
        id,
        publicKey: Buffer.from(publicKey),
        signCount: counter,
        transports: credential.response.transports ?? [],
      };
    } catch {
      return undefined;
    }
  }

  /**
   * @param publicKey COSE_Key
   * @returns the authenticator's counter, which the caller compares where the last one is stored; undefined, whatever is
   * wrong with the response
   */
  async asserted(credential: AssertionCredential, challenge: string, publicKey: Buffer): Promise<number | undefined> {
    try {
      if (await isCrossOrigin(credential)) return undefined;
      const { verifyAuthenticationResponse } = await library();
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: withoutExtensions(credential),
        ...this.expected(challenge),
        credential: { id: credential.id, publicKey: new Uint8Array(publicKey), counter: 0 },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch {
      return undefined;
    }
  }

  private expected(challenge: string) {
    return {
      expectedChallenge: challenge,
      expectedOrigin: this.origins,
      expectedRPID: this.rpId,
      requireUserVerification: true,
    };
  }
}

/** What verification reads; what the browser says beside it proves nothing. */
const withoutExtensions = <Response>({ id, rawId, type, response }: Ceremony<Response>) => ({
  id,
  rawId,
  type,
  response,
  clientExtensionResults: {},
});

/**
 * Whether nobody vouches for the authenticator: no attestation, or one by the credential's own key, which browsers leave
 * alone. Others were not asked for, and their certificates come with addresses that a verifier would go and fetch.
 */
async function attestsNobody(credential: RegistrationCredential): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await helpers();
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(credential.response.attestationObject));
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

/** A page inside somebody else's page: not ours, whatever its origin says. */
async function isCrossOrigin({ response }: RegistrationCredential | AssertionCredential): Promise<boolean> {
  const { decodeClientDataJSON } = await helpers();
  return decodeClientDataJSON(response.clientDataJSON).crossOrigin === true;
}
