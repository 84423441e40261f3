import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

export const PROBLEM_MEDIA = 'application/problem+json';

/** Every status of a problem: what it means to whoever gets it, and an example of its `code`. */
export const PROBLEM_MEANINGS: Readonly<Record<number, readonly [meaning: string, code: string]>> = {
  400: ['Malformed: a field, a parameter or the cursor is not what the contract says.', 'validation_failed'],
  401: ['Not authenticated, or the session ended a moment ago.', 'not_authenticated'],
  403: ['Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.', 'permission_missing'],
  404: ['Nothing here that the caller can see.', 'not_found'],
  406: ['Accept excludes the media type of the answer.', 'not_acceptable'],
  409: ['In conflict with the state of the data.', 'already_exists'],
  410: ['It was here, and is lost.', 'file_lost'],
  412: ['The record changed since it was read: its ETag is not the one in If-Match.', 'version_mismatch'],
  413: ['The body is too large.', 'content_too_large'],
  415: ['The body is not application/json in UTF-8.', 'unsupported_media_type'],
  422: ['Well-formed, but refused by a rule; `code` says which.', 'role_not_found'],
  428: ['If-Match is missing.', 'if_match_required'],
  429: ['Too many requests or attempts. Retry-After says when to try again.', 'rate_limited'],
  500: ['Something failed on our side. The `traceId` helps us to find it.', 'internal_error'],
  503: ['Something this depends on is down. Retry-After says when to try again.', 'database_unavailable'],
};

/** RFC 9457. A component of the document; routes refer to it. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'What went wrong (RFC 9457). Go by `status` and `code`; what `title` and `detail` say may change.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Names the kind of problem, as `code` does.' },
    title: { type: 'string', description: 'The status in words.', example: 'Not Found' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status once more.' },
    detail: { type: 'string', description: 'For people.' },
    instance: { type: 'string', description: 'The path of the request, without its query.', example: '/v1/deals' },
    code: { type: 'string', pattern: '^[a-z][a-z0-9_]*$', description: 'Stable.', example: 'not_found' },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'What our log calls this request.' },
    missingPermission: { type: 'string', description: 'Of `permission_missing`.', example: 'deal:update' },
    requiredAal: { type: 'string', enum: ['aal2'], description: 'Of `aal2_required`: give a second factor.' },
    errors: {
      type: 'array',
      description: 'Field by field, where that is the reason.',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string', description: 'As it was sent, with dots between levels.', example: 'settings.name' },
          message: { type: 'string', description: 'For people.', example: 'must not be blank' },
        },
      },
    },
  },
} as const;

/**
 * Documents the problems that a route itself answers with. What the way of every request answers with (400, 401, 403, 406,
 * 413, 415, 429, 500, 503) the document has by itself, where it applies.
 */
export const ApiProblems = (...statuses: number[]): MethodDecorator =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: PROBLEM_MEANINGS[status]?.[0] ?? 'A problem.',
        content: { [PROBLEM_MEDIA]: { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
