import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { ApiProblems } from './problems.js';

/** A limit of one route's own. */
export interface RouteLimit {
  /** requests of one caller (on a public route: of one address), where the common limit has its default */
  perMinute: number;
}

export const LIMITED = 'ringfence:limited';
export const UNLIMITED = 'ringfence:unlimited';

/**
 * The route has a limit of its own: beside the common ones, for what costs more than most; on a public route in place of
 * the address' one. It goes up and down with RATE_LIMIT_PRINCIPAL (on a public route with RATE_LIMIT_ADDRESS).
 */
export const Limited = (limit: RouteLimit): MethodDecorator => {
  if (!Number.isInteger(limit.perMinute) || limit.perMinute < 1) throw new Error('@Limited: perMinute is 1 or more');
  return applyDecorators(
    SetMetadata(LIMITED, limit),
    ApiExtension('x-requests-per-minute', limit.perMinute),
    ApiProblems(429),
  );
};

/** The route is not counted. @param reason why that harms nobody, for whoever reads the code */
export const Unlimited = (reason: string): MethodDecorator & ClassDecorator => SetMetadata(UNLIMITED, reason);
