const text = (description: string, more: object = {}, required = false): object => ({
  description,
  ...(required ? { required } : {}),
  schema: { type: 'string', ...more },
});

/** Components: every header that an answer may have, once. */
export const HEADERS: Readonly<Record<string, object>> = {
  'X-Request-Id': text('The id that the request came with, or one made here.', {}, true),
  traceparent: text('W3C Trace Context: its trace id stands in problems and in our log.', {}, true),
  ETag: text('Version of the record, for If-Match and If-None-Match.', { examples: ['"v1"'] }, true),
  Location: text('Where the record is.', { format: 'uri-reference' }, true),
  'Content-Disposition': text('The name to save it under.', {}, true),
  Link: text('The next page, `rel="next"` (RFC 8288); absent on the last one.'),
  'Retry-After': text('Seconds to wait before the next try.', { pattern: '^[0-9]+$' }, true),
  'Retry-After-Maybe': text('Seconds to wait before the next try, where waiting helps.', { pattern: '^[0-9]+$' }),
  'WWW-Authenticate': text('How to authenticate (RFC 6750).', { examples: ['Bearer realm="ringfence"'] }, true),
  RateLimit: text('What is left of each quota that counts here.', { examples: ['"principal";r=599;t=42'] }),
  'RateLimit-Policy': text('The quotas that count here.', { examples: ['"principal";q=600;w=60'] }),
  'Idempotent-Replayed': text('`true`: the first answer to this Idempotency-Key, once more.', { enum: ['true'] }),
  Deprecation: text('Since when this is deprecated (RFC 9745).', { examples: ['@1767225600'] }, true),
  Sunset: text('When this goes (RFC 8594).', { examples: ['Fri, 01 Jan 2027 00:00:00 GMT'] }),
  'Deprecation-Link': text('What to use instead, `rel="deprecation"`.'),
};

/** A header of an answer, by reference to its component. */
export const header = (name: string, component = name): Record<string, object> => ({
  [name]: { $ref: `#/components/headers/${component}` },
});

/** Every answer has these: the middleware of the way sets them before anything else. */
export const TRACING = { ...header('X-Request-Id'), ...header('traceparent') };

/** Every answer under /v1 may have these: an installation can switch its limits off. */
export const LIMITS = { ...header('RateLimit'), ...header('RateLimit-Policy') };

/** What a deprecated operation says with every answer. */
export const DEPRECATION = {
  ...header('Deprecation'),
  ...header('Sunset'),
  ...header('Link', 'Deprecation-Link'),
};
