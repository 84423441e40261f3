import { create as contentDisposition } from 'content-disposition';

/** Types whose content says by itself what it is, as file-type names them. */
const SNIFFED: ReadonlySet<string> = new Set([
  'application/pdf',
  'application/zip',
  'application/gzip',
  'application/rtf',
  'application/vnd.oasis.opendocument.presentation',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'audio/mpeg',
  'audio/wav',
  'image/avif',
  'image/gif',
  'image/heic',
  'image/jpeg',
  'image/png',
  'image/webp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
]);

/** Types that nothing gives away: text in UTF-8 that is no markup. */
const TEXTS: ReadonlySet<string> = new Set(['application/json', 'text/csv', 'text/markdown', 'text/plain']);

/** What a browser shows without running any of it. Never HTML, SVG or XML. */
const INLINE: ReadonlySet<string> = new Set([
  'application/pdf',
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
]);

/** What may be stored: type and subtype in lower case, without parameters. */
export const ALLOWED_TYPES: ReadonlySet<string> = new Set([...SNIFFED, ...TEXTS]);

export const isText = (contentType: string): boolean => TEXTS.has(contentType);

/** The Content-Type to serve as. What is not allowed, however it came here, is bytes and nothing else. */
export function servedType(contentType: string): string {
  if (!ALLOWED_TYPES.has(contentType)) return 'application/octet-stream';
  return contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType;
}

/** Content-Disposition (RFC 6266): saved under that name, or shown if that was asked for and is safe. */
export function dispositionOf(fileName: string, contentType: string, inline = false): string {
  return contentDisposition(plainName(fileName), { type: inline && INLINE.has(contentType) ? 'inline' : 'attachment' });
}

/** A name in one line, in its own direction, that is no path. */
function plainName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim();
  return plain.slice(0, 200).toWellFormed() || 'file';
}
