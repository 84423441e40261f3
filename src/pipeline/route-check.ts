import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from '../route/index.js';

export class UndeclaredRouteError extends Error {
  override name = 'UndeclaredRouteError';
  constructor(routes: string[]) {
    super(
      `Ringfence does not start: these routes do not say who may call them:\n${routes.map((route) => `  - ${route}`).join('\n')}\n` +
        'Ways out: @RequirePermission(SomePermissions.read), @MemberOnly() for what any member may do, @SessionOnly() for ' +
        'what concerns the person, @OperatorOnly() in the platform feature, or @Public().',
    );
  }
}

/** Runs once at boot: a route without a declared access stops it, by name. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as object;
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = (prototype as Record<string, () => void>)[name];
        if (!handler || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
        if (this.reflector.getAllAndOverride(ACCESS, [handler, metatype as () => void])) return [];
        return [describe(metatype as () => void, handler, name)];
      });
    });
    if (undeclared.length > 0) throw new UndeclaredRouteError(undeclared);
  }
}

function describe(controller: () => void, handler: () => void, name: string): string {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number];
  const path = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)]
    .flat()
    .filter((part) => typeof part === 'string' && part !== '/')
    .join('/');
  return `${method} /${path} (${controller.name}.${name})`;
}
