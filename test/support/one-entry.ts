import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AUDIT, type AuditDemand } from '../../src/route/index.js';
import type { Answer } from './call.js';
import type { TestDatabase } from './database.js';

interface Route {
  method: string;
  path: RegExp;
  action: string;
}

interface Entry {
  id: string;
  log: string;
  actions: string[];
}

const ENTRIES = `select request_id as id, tenant_id as log, array_agg(action) as actions from app.audit_log
  where outcome = 'success' and request_id = any ($1) group by 1, 2`;

/** What a spec has asked of one application, to be compared with the log at its end: one entry each in a log, and no more. */
export class OneEntry {
  private readonly done = new Map<string, string[]>();

  /** Remembers what was done: by the request's id, since two may share one. */
  note(method: string, path: string, { status, headers }: Answer): void {
    if (method === 'GET' || status >= 300 || headers.has('idempotent-replayed')) return;
    const id = headers.get('x-request-id') ?? '';
    this.done.set(id, [...(this.done.get(id) ?? []), `${method} ${path.split('?')[0]}`]);
  }

  /** @returns requests that succeeded and left no entry of their route's action, or more than one in a log; forgets all */
  async faults(nest: NestExpressApplication, db: TestDatabase): Promise<string[]> {
    const routes = this.done.size > 0 ? auditedRoutes(nest) : [];
    const due = [...this.done].flatMap(([id, calls]) => {
      const actions = calls.flatMap((call) => actionOf(call, routes) ?? []);
      return actions.length > 0 ? [{ id, calls, actions: actions.sort().join() }] : [];
    });
    this.done.clear();
    if (due.length === 0) return [];
    const entries = await db.look<Entry>(ENTRIES, [due.map(({ id }) => id)]);
    return due.flatMap(({ id, calls, actions }) => {
      const logs = entries.filter((entry) => entry.id === id);
      const right = logs.length > 0 && logs.every((log) => log.actions.sort().join() === actions);
      return right ? [] : [`${calls.join(', ')} left [${logs.map((log) => log.actions.join()).join('] [')}]`];
    });
  }
}

function actionOf(call: string, routes: Route[]): string | undefined {
  const [method, path = ''] = call.split(' ');
  return routes.find((route) => route.method === method && route.path.test(path))?.action;
}

/** Those that declare an action, the ones without parameters first. */
function auditedRoutes(nest: NestExpressApplication): Route[] {
  const [scanner, reflector] = [new MetadataScanner(), nest.get(Reflector)];
  const found = nest
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype }) =>
      scanner.getAllMethodNames(metatype?.prototype as object).flatMap((name) => {
        const handler = (metatype?.prototype as Record<string, () => unknown>)[name]!;
        const demand = reflector.get<AuditDemand | undefined>(AUDIT, handler);
        if (!demand || 'reason' in demand) return [];
        const parts = [reflector.get<string>(PATH_METADATA, metatype!), reflector.get<string>(PATH_METADATA, handler)];
        const path = `/${parts.filter((part) => part !== '/').join('/')}`;
        const method = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)];
        return [{ method, path, action: demand.action.code }];
      }),
    );
  const parameters = (path: string): number => path.split(':').length;
  return found
    .sort((one, other) => parameters(one.path) - parameters(other.path))
    .map(({ path, ...rest }) => ({ ...rest, path: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }));
}
