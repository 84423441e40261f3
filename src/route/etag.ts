import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { defineProblem } from '../errors/index.js';
import { ApiProblems } from './problems.js';

/** Strong validator of a record (RFC 9110 section 8.8): its version. */
export const etagOf = (version: number): string => `"v${version}"`;

/** The versions that If-Match accepts; undefined stands for `*`. */
export type ExpectedVersions = readonly number[] | undefined;

export const ifMatchRequired = defineProblem('if_match_required', {
  status: 428,
  meaning: 'This changes a record, and does not say which version of it.',
  todo: 'Send If-Match with the ETag of the record as you read it.',
});

/** Reads If-Match. @throws DomainError 428 without one; tags that no record ever had match nothing */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '') throw ifMatchRequired();
  if (header.trim() === '*') return undefined;
  return header.split(',').flatMap((tag) => {
    const version = /^"v(\d{1,9})"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

const IfMatchParameter = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIfMatch(context.switchToHttp().getRequest<Request>().headers['if-match']),
);

/** Parameter: the versions the caller expects, from If-Match. */
export const IfMatch = (): ParameterDecorator => IfMatchParameter();

export const IF_MATCH = 'ringfence:if-match';

/** The route demands If-Match and compares it. On every other change only `*` matches, since no version is shown. */
export const RequiresIfMatch = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(IF_MATCH, true),
    ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the record as read, or *', example: '"v1"' }),
    ApiProblems(412, 428),
  );

const OptionalIfMatchParameter = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedVersions => {
  const header = context.switchToHttp().getRequest<Request>().headers['if-match'];
  return header === undefined || header.trim() === '' ? undefined : parseIfMatch(header);
});

/** Parameter: the versions the caller expects, from If-Match; without one, any. */
export const OptionalIfMatch = (): ParameterDecorator => OptionalIfMatchParameter();

/** The route compares If-Match where it is sent, and does not demand it. */
export const ComparesIfMatch = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(IF_MATCH, true),
    ApiHeader({ name: 'If-Match', required: false, description: 'ETag of the record as read, or *', example: '"v1"' }),
    ApiProblems(412),
  );
