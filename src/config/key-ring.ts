import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** an id stands before a dot in each ciphertext */
const id = z.string().regex(/^[\w-]{1,64}$/, 'a key id is letters, digits, _ and -');
const file = z.object({ current: id, keys: z.record(id, z.base64()) });
type RingFile = z.infer<typeof file>;

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

  /**
   * Adds a random key to the file at `path`; those that are there stay.
   * @param use whether it encrypts from now on. If not, `useKey` makes it do so later: when every server has read it
   * @returns its id @throws KeyRingError when the file is not a key ring, or is being changed
   */
  static addKey(path: string, use: boolean): Promise<string> {
    return changeFile(path, (ring) => {
      const numbers = Object.keys(ring.keys).map((one) => Number(/^k(\d{1,9})$/.exec(one)?.[1] ?? 0));
      const added = `k${Math.max(...numbers) + 1}`;
      ring.keys[added] = randomBytes(32).toString('base64');
      if (use) ring.current = added;
      return added;
    });
  }

  /** Makes a key of the file the one that encrypts. @throws KeyRingError when it is not in there */
  static useKey(path: string, wanted: string): Promise<string> {
    return changeFile(path, (ring) => {
      if (!Object.hasOwn(ring.keys, wanted)) throw new KeyRingError(`key ${wanted} is not in the key ring`);
      return (ring.current = wanted);
    });
  }

  private static parse(text: string): KeyRing {
    const { current, keys } = parse(text);
    return new KeyRing(current, new Map(Object.entries(keys).map(([one, key]) => [one, Buffer.from(key, 'base64')])));
  }

  /** The id of the key that encrypts: it stands in front of what is encrypted with it. */
  get currentId(): string {
    return this.current;
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
    return this.deriveFrom(this.current, purpose);
  }

  /** The same from each key, the current one first: to recognise what was made before another key became current. */
  deriveEach(purpose: string): [Buffer, ...Buffer[]] {
    const others = [...this.keys.keys()].filter((one) => one !== this.current);
    return [this.derive(purpose), ...others.map((one) => this.deriveFrom(one, purpose))];
  }

  private deriveFrom(id: string, purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key(id), 'ringfence', purpose, 32));
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new KeyRingError(`key ${id} is not in the key ring`);
    return key;
  }
}

function parse(text: string): RingFile {
  const unusable = (why: string): KeyRingError => new KeyRingError(`the key ring is not usable: ${why}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable('it is not JSON'); // the parser's own words quote the text, and with it a key
  }
  const { data: ring, error } = file.safeParse(json);
  if (!ring) throw unusable(z.prettifyError(error));
  if (!Object.values(ring.keys).every((key) => Buffer.from(key, 'base64').length === 32))
    throw unusable('every key must be 32 bytes');
  if (!Object.hasOwn(ring.keys, ring.current)) throw unusable(`the current key ${ring.current} is not in it`);
  return ring;
}

/** Whole or not at all: written beside, flushed and moved over. What is beside is the lock, too. */
async function changeFile<T>(path: string, change: (ring: RingFile) => T): Promise<T> {
  const target = await realpath(path).catch((error: Error) => {
    throw new KeyRingError(`the key ring cannot be read: ${error.message}`);
  });
  const beside = `${target}.new`;
  const handle = await open(beside, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new KeyRingError(`${beside} is there: somebody is changing the key ring, or was cut off. If so, remove it.`);
  });
  try {
    const ring = parse(await readFile(target, 'utf8'));
    const result = change(ring);
    await handle.writeFile(`${JSON.stringify(ring, null, 2)}\n`);
    const { uid, gid } = await stat(target);
    if (process.getuid?.() === 0) await handle.chown(uid, gid); // root changes it for the server's account
    await handle.sync(); // a ring that is lost takes with it what it encrypts
    await handle.close();
    await rename(beside, target);
    return result;
  } catch (error) {
    await handle.close();
    await rm(beside, { force: true });
    throw error;
  }
}
