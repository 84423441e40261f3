import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const file = z.object({ current: z.string(), keys: z.record(z.string(), z.base64()) });

export class KeyRingError extends Error {
  override name = 'KeyRingError';
}

/**
 * The secrets that stay outside the database: key id to 256-bit key. Encrypts what must be read again (AES-256-GCM, the
 * key id stored beside) and derives one key a purpose (HKDF-SHA-256), so that no key serves two ends.
 */
export class KeyRing {
  constructor(
    private readonly current: string,
    private readonly keys: ReadonlyMap<string, Buffer>,
  ) {}

  /** @throws KeyRingError when the file is missing or not a key ring */
  static async load(path: string): Promise<KeyRing> {
    const text = await readFile(path, 'utf8').catch((error: Error) => {
      throw new KeyRingError(`the key ring cannot be read: ${error.message}. Set KEY_RING_FILE to one.`);
    });
    return KeyRing.parse(text);
  }

  /** The ring at `path`, made with one random key and mode 0600 if there is none. For development. */
  static async loadOrCreate(path: string): Promise<KeyRing> {
    const fresh = { current: 'k1', keys: { k1: randomBytes(32).toString('base64') } };
    await writeFile(path, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' }).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      },
    );
    return KeyRing.load(path);
  }

  private static parse(text: string): KeyRing {
    try {
      const { data: parsed, error } = file.safeParse(JSON.parse(text));
      if (!parsed) throw new Error(z.prettifyError(error));
      const keys = new Map(Object.entries(parsed.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
      if (![...keys.values()].every((key) => key.length === 32)) throw new Error('every key must be 32 bytes');
      if (!keys.has(parsed.current)) throw new Error(`the current key ${parsed.current} is not in it`);
      return new KeyRing(parsed.current, keys);
    } catch (error) {
      throw new KeyRingError(`the key ring is not usable: ${(error as Error).message}`);
    }
  }

  /** @param bound what the ciphertext belongs to (a row's key); decrypting under another name fails */
  encrypt(plain: string, bound: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.current), nonce).setAAD(Buffer.from(bound));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.current}.${sealed.toString('base64url')}`;
  }

  /** @throws KeyRingError when the key is gone or the text was changed */
  decrypt(sealed: string, bound: string): string {
    const dot = sealed.indexOf('.');
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key(sealed.slice(0, dot)), bytes.subarray(0, 12))
        .setAAD(Buffer.from(bound))
        .setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new KeyRingError(`${bound} cannot be decrypted with this key ring: ${(error as Error).message}`);
    }
  }

  /** 32 bytes for one purpose, from the current key. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key(this.current), 'ringfence', purpose, 32));
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new KeyRingError(`key ${id} is not in the key ring`);
    return key;
  }
}
