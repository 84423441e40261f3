import { Injectable, Logger } from '@nestjs/common';
import { generateSecret, generateURI, verify } from 'otplib';
import { renderSVG } from 'uqr';
import { KeyRing } from '../../../config/index.js';
import { Clock } from '../../../context/index.js';
import type { FactorRow } from '../factors/factors.repository.js';
import { factorUnavailable } from '../mfa.problems.js';

const ISSUER = 'Ringfence';
/** bytes: 160 bits, the length of SHA-1's output (RFC 4226 section 4, R6) */
const SECRET_BYTES = 20;
/** seconds: what somebody needs to type a code that has just left their display */
const LATE = 10;
/** seconds: a device may be ahead of us by up to one time step */
const AHEAD = 30;

/** What a new factor's secret is encrypted for. */
const boundTo = (factorId: string): string => `totp:${factorId}`;

/** A new secret: 160 random bits, base32. */
export const newTotpSecret = (): string => generateSecret({ length: SECRET_BYTES });

/** @returns what is stored of a secret: encrypted for this factor's row, and of no use in another */
export const sealTotpSecret = (ring: KeyRing, factorId: string, secret: string): string =>
  ring.encrypt(secret, boundTo(factorId));

/** What a QR code and an authenticator app understand (Key Uri Format). */
export const otpauthUri = (secret: string, email: string): string =>
  generateURI({ issuer: ISSUER, label: email, secret });

/** A data: URI of an SVG, so that the secret goes to no service that draws pictures. */
export const qrCodeOf = (uri: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(renderSVG(uri, { ecc: 'M', border: 2 })).toString('base64')}`;

/** Codes from the time (RFC 6238): SHA-1, six digits, steps of 30 seconds, by the injected clock. */
@Injectable()
export class Totp {
  private readonly log = new Logger('Totp');

  constructor(
    private readonly ring: KeyRing,
    private readonly clock: Clock,
  ) {}

  seal(factorId: string, secret: string): string {
    return sealTotpSecret(this.ring, factorId, secret);
  }

  /**
   * The time step that a code stands for. Accepted are three steps at most, two for most of the time: the current one; the
   * one before, for the first 10 seconds after its end (RFC 6238 section 5.2 allows for the delay of typing); and the next,
   * for devices that are ahead. So a code from a right clock is good for the 30 seconds of its display and 10 more. Which
   * steps were used before is not asked here.
   * @param code spaces in it do not matter
   * @returns undefined for a wrong code
   * @throws DomainError 503 when the key that its secret was encrypted with is not in the ring
   */
  async stepOf(factor: FactorRow, code: string): Promise<number | undefined> {
    const secret = this.secretOf(factor);
    const token = code.replace(/\s/g, '');
    const wellFormed = /^\d{6}$/.test(token);
    const found = await verify({
      secret,
      token: wellFormed ? token : '000000',
      epoch: this.clock.seconds(),
      epochTolerance: [LATE, AHEAD],
    });
    return wellFormed && found.valid ? (found as { timeStep: number }).timeStep : undefined;
  }

  private secretOf({ id, totp_secret_encrypted: sealed }: FactorRow): string {
    try {
      return this.ring.decrypt(sealed ?? '', boundTo(id));
    } catch (error) {
      this.log.error(`a factor cannot be read: ${(error as Error).message}`);
      throw factorUnavailable(undefined, { cause: error });
    }
  }
}
