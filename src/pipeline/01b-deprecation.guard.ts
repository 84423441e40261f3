import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { DEPRECATED, type DeprecationHeaders } from '../route/index.js';

/** Refuses nothing: it stands first, so that whatever a deprecated route answers says that it goes away. */
@Injectable()
export class DeprecationGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const headers = this.reflector.get<DeprecationHeaders | undefined>(DEPRECATED, execution.getHandler());
    if (!headers) return true;
    const response = execution.switchToHttp().getResponse<Response>();
    for (const [name, value] of Object.entries(headers)) response.append(name, value as string);
    return true;
  }
}
