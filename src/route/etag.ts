import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { DomainError } from '../errors/index.js';
import { ApiProblems } from './problems.js';

/** Strong validator of a record (RFC 9110 section 8.8): its version. */
export const etagOf = (version: number): string => `"v${version}"`;

/** The versions that If-Match accepts; undefined stands for `*`. */
export type ExpectedVersions = readonly number[] | undefined;

export const versionMismatch = (): DomainError =>
  new DomainError(412, 'version_mismatch', 'The record changed since you read it. Read it again and decide anew.');

/** Reads If-Match. @throws DomainError 428 without one; tags that no record ever had match nothing */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '') {
    throw new DomainError(428, 'if_match_required', 'Send If-Match with the ETag of the record as you read it.');
  }
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
