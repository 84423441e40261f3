import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const MEANINGS: Record<number, string> = {
  400: 'Malformed: a field, a parameter or the cursor is not what the contract says.',
  401: 'Not authenticated, or the session ended a moment ago.',
  403: 'Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.',
  404: 'Nothing here that the caller can see.',
  409: 'In conflict with the state of the data.',
  410: 'It was here, and is lost.',
  412: 'The record changed since it was read: its ETag is not the one in If-Match.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'Well-formed, but refused by a rule; `code` says which.',
  428: 'If-Match is missing.',
  429: 'Too many attempts. Retry-After says when to try again.',
  503: 'Something this depends on is down. Retry-After says when to try again.',
};

/** RFC 9457. A component of the document; routes refer to it. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', pattern: '^[a-z0-9_]+$', example: 'not_found' },
    traceId: { type: 'string' },
    missingPermission: { type: 'string' },
    requiredAal: { type: 'string', enum: ['aal2'] },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** Documents the problems that a route answers with. */
export const ApiProblems = (...statuses: number[]): MethodDecorator =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANINGS[status] ?? 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
