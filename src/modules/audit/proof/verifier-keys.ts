import { Injectable } from '@nestjs/common';
import { Config, KeyRing } from '../../../config/index.js';
import { checkpointKey, checkpointKeyName, verifierKey } from './checkpoint-note.js';
import { PURPOSE } from '../sealing/sealer.js';

/** The verifier keys of the signing keys that this server has, the current one first. */
@Injectable()
export class VerifierKeys {
  private readonly keys: readonly string[];

  constructor(config: Config, ring: KeyRing) {
    const name = checkpointKeyName(new URL(config.publicUrl));
    this.keys = ring.deriveEach(PURPOSE).map((seed) => verifierKey(name, checkpointKey(seed)));
  }

  all(): readonly string[] {
    return this.keys;
  }
}
