import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { validationFailed } from '../errors/index.js';

/** Whitelist and forbid: a field that the class does not declare is refused. Messages name fields, never values. */
export class InputValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors: ValidationError[]) =>
        validationFailed('Some fields are not what the route takes.', {
          errors: errors.flatMap((error) => lines(error)),
        }),
    });
  }
}

function lines(error: ValidationError, path = ''): { field: string; message: string }[] {
  const field = `${path}${error.property.slice(0, 80)}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'unknown field' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => lines(child, `${field}.`))];
}
