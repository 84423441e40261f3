import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { type Access, ACCESS, AUDIT, type AuditDemand, MADE } from '../route/index.js';

const refusal = (fault: string, routes: string[], waysOut: string): string =>
  `Ringfence does not start: these routes ${fault}:\n${routes.map((route) => `  - ${route}`).join('\n')}\n` +
  `Ways out: ${waysOut}`;

export class UndeclaredRouteError extends Error {
  override name = 'UndeclaredRouteError';
  constructor(routes: string[]) {
    const waysOut =
      '@RequirePermission(SomePermissions.read), @MemberOnly() for what any member may do, @SessionOnly() for ' +
      'what concerns the person, @OperatorOnly() in the platform feature, or @Public().';
    super(refusal('do not say who may call them', routes, waysOut));
  }
}

export class UnauditedRouteError extends Error {
  override name = 'UnauditedRouteError';
  constructor(routes: string[]) {
    const waysOut =
      '@Audited(SomeActions.updated), an action that defineAuditActions declares beside the feature; or ' +
      "@NotAudited('why') for what changes nothing that anybody would look for.";
    super(refusal('do not say what they leave in the audit log', routes, waysOut));
  }
}

export class AuditTargetError extends Error {
  override name = 'AuditTargetError';
  constructor(routes: string[]) {
    const waysOut =
      "name the path parameter that has the target's id: @Audited(SomeActions.updated, 'userId'). Without a second " +
      'argument it is :id, or the id of what a route without parameters answers. MADE is that id below other parameters.';
    super(refusal('name a path parameter that they do not have as what they act on', routes, waysOut));
  }
}

interface Route {
  /** for whoever reads the refusal */
  name: string;
  method: RequestMethod;
  /** names of its path's parameters */
  params: readonly string[];
  access?: Access;
  audit?: AuditDemand;
}

/** Runs once at boot: a route that does not declare its access, or what it leaves in the audit log, stops it by name. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws UndeclaredRouteError, UnauditedRouteError, AuditTargetError */
  onModuleInit(): void {
    const routes = this.routes();
    const namesOf = (faulty: (route: Route) => boolean): string[] => routes.filter(faulty).map(({ name }) => name);
    const undeclared = namesOf(({ access }) => !access);
    if (undeclared.length > 0) throw new UndeclaredRouteError(undeclared);
    const unaudited = namesOf(({ method, audit }) => !READS.has(method) && !audit);
    if (unaudited.length > 0) throw new UnauditedRouteError(unaudited);
    const astray = namesOf(({ audit, params }) => audit !== undefined && 'target' in audit && !fits(audit, params));
    if (astray.length > 0) throw new AuditTargetError(astray);
  }

  private routes(): Route[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const controller = metatype as () => void;
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => void>;
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        if (!handler || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
        return [this.routeOf(controller, handler, name)];
      });
    });
  }

  private routeOf(controller: () => void, handler: () => void, name: string): Route {
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
    const path = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)]
      .flat()
      .filter((part) => typeof part === 'string' && part !== '/')
      .join('/');
    return {
      name: `${RequestMethod[method]} /${path} (${controller.name}.${name})`,
      method,
      params: [...path.matchAll(/:(\w+)/g)].map(([, param]) => param as string),
      access: this.reflector.getAllAndOverride(ACCESS, [handler, controller]),
      audit: this.reflector.get<AuditDemand | undefined>(AUDIT, handler),
    };
  }
}

/** What reads by its definition (RFC 9110 section 9.2.1). */
const READS: ReadonlySet<RequestMethod> = new Set([RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS]);

/** A name that no parameter has would leave entries without a target, and nobody would notice. */
const fits = ({ target }: { target: string }, params: readonly string[]): boolean =>
  params.length === 0 ? target === 'id' : target === MADE || params.includes(target);
