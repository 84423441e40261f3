import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, MaxLength, ValidateIf } from 'class-validator';

const BASE64URL = /^[\w-]+$/;

interface Options {
  /** characters */
  max: number;
  optional?: boolean;
  description?: string;
}

/** Bytes as WebAuthn writes them in JSON: base64url without padding (RFC 4648 section 5). */
export const Base64UrlField = ({ max, optional = false, description }: Options): PropertyDecorator => {
  const document = { type: 'string', pattern: BASE64URL.source, minLength: 1, maxLength: max, description } as const;
  return applyDecorators(
    ...(optional
      ? [ApiPropertyOptional(document), ValidateIf((_, value) => value !== undefined)]
      : [ApiProperty(document)]),
    MaxLength(max),
    Matches(BASE64URL, { message: '$property must be base64url without padding' }),
  );
};
