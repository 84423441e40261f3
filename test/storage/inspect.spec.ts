import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { inspect } from '../../src/modules/storage/index.js';
import { sha256 } from '../support/transfer.js';

/** One entry after another, stored as it is. */
const zip = (entries: Record<string, string>): Buffer =>
  Buffer.concat(
    Object.entries(entries).flatMap(([name, text]) => {
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x04034b50, 0);
      head.writeUInt16LE(20, 4);
      head.writeUInt32LE(crc32(text), 14);
      head.writeUInt32LE(text.length, 18);
      head.writeUInt32LE(text.length, 22);
      head.writeUInt16LE(name.length, 26);
      return [head, Buffer.from(name + text)];
    }),
  );

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const parts = `<Types><Override PartName="/word/document.xml" ContentType="${WORD}.main+xml"/></Types>`;
const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');
const pdf = Buffer.from('%PDF-1.7\n');
const docx = zip({ '[Content_Types].xml': parts, 'word/document.xml': '<x/>' });
const look = (bytes: Buffer | string, contentType: string, change: object = {}, pieces = 7): Promise<void> => {
  const content = Buffer.from(bytes);
  const chunks = Array.from({ length: Math.ceil(content.length / pieces) }, (_, n) =>
    content.subarray(n * pieces, (n + 1) * pieces),
  );
  return inspect(Readable.from(chunks), { contentType, size: content.length, sha256: sha256(content), ...change });
};

describe('an inspection', () => {
  it.each<[string, string, Buffer | string]>([
    ['PNG', 'image/png', png],
    ['PDF', 'application/pdf', pdf],
    ['Word', WORD, docx],
    ['zip', 'application/zip', zip({ 'a.txt': 'a' })],
    ['text', 'text/plain', 'Grüße, 5 < 6 and 漢字 🙂 <b>'],
    ['nothing', 'text/plain', ''],
    ['CSV', 'text/csv', 'a,b\r\n1,"2"\r\n'],
    ['JSON', 'application/json', '{"a": [1, "<p>"]}'],
  ])('finds %s to be what it says', async (_name, contentType, bytes) => {
    await expect(look(bytes, contentType)).resolves.toBeUndefined();
  });

  it.each<[string, string, Buffer | string]>([
    ['a PDF as a picture', 'image/png', pdf],
    ['text as a picture', 'image/png', 'hello'],
    ['nothing as a PDF', 'application/pdf', ''],
    ['a zip as Word', WORD, zip({ 'a.txt': 'a' })],
    ['Word as a zip', 'application/zip', docx],
    ['SVG as a picture', 'image/png', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG as text', 'text/plain', '\ufeff \n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML as text', 'text/plain', '<!DOCTYPE html><script>alert(1)</script>'],
    ['HTML behind a comment as CSV', 'text/csv', ' <!-- --><script>alert(1)</script>'],
    ['XML as text', 'text/plain', '<?xml version="1.0"?><a/>'],
    ['a picture as text', 'text/plain', png],
    ['a PDF as JSON', 'application/json', pdf],
    ['text that is no UTF-8', 'text/plain', Buffer.from([0x61, 0xe9, 0x62])],
    ['text that ends within a character', 'text/plain', Buffer.from([0x61, 0xe2, 0x82])],
    ['text with U+0000', 'text/plain', 'a\0b'],
  ])('refuses %s', async (_name, contentType, bytes) => {
    await expect(look(bytes, contentType)).rejects.toMatchObject({ status: 422, code: 'content_type_mismatch' });
  });

  it.each(['text/html', 'image/svg+xml', 'application/xml', 'text/javascript', 'TEXT/PLAIN', 'text/plain; charset=x'])(
    'refuses %s, whatever it holds',
    async (contentType) => {
      await expect(look('a', contentType)).rejects.toMatchObject({ status: 422, code: 'content_type_not_allowed' });
    },
  );

  it('refuses another size and other bytes', async () => {
    await expect(look('abc', 'text/plain', { size: 4 })).rejects.toMatchObject({ code: 'content_incomplete' });
    await expect(look('abc', 'text/plain', { size: 2 })).rejects.toMatchObject({ code: 'content_too_large' });
    const others = look('abc', 'text/plain', { sha256: sha256('abd') });
    await expect(others).rejects.toMatchObject({ code: 'checksum_mismatch' });
  });

  it('lets go of what it reads when it has seen enough', async () => {
    const content = Readable.from([Buffer.from('a\0'), Buffer.from('b')]);
    await expect(inspect(content, { contentType: 'text/plain', size: 3, sha256: '' })).rejects.toThrow();
    expect(content.destroyed).toBe(true);
    const unread = Readable.from([Buffer.from('a')]);
    await expect(inspect(unread, { contentType: 'text/html', size: 1, sha256: '' })).rejects.toThrow();
    expect(unread.destroyed).toBe(true);
  });
});
