import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { readFileSync, readdirSync } from 'node:fs';
import { DeprecationGuard } from '../../src/pipeline/01b-deprecation.guard.js';
import { AuthenticationGuard } from '../../src/pipeline/02-authentication.guard.js';
import { RateLimitGuard } from '../../src/pipeline/02b-rate-limit.guard.js';
import { TenantGuard } from '../../src/pipeline/03-tenant.guard.js';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { OperatorGuard } from '../../src/pipeline/05b-operator.guard.js';
import { TenantTransactionInterceptor } from '../../src/pipeline/06-tenant-transaction.interceptor.js';
import { InputGuard } from '../../src/pipeline/07-input.guard.js';
import { InputValidationPipe } from '../../src/pipeline/07-validation.pipe.js';
import { GUARDS } from '../../src/pipeline/pipeline.module.js';
import { startApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeModule } from '../support/probe.module.js';

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [ProbeModule]);
const { a } = db.world;

@Controller('v1/forgotten')
class ForgottenController {
  @Get('door')
  door(): string {
    return 'open';
  }
}

@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

describe('the way of a request', () => {
  it('is taken in the order of the file names, whatever the request', async () => {
    const { app } = held;
    const seen: string[] = [];
    const watch = (type: { prototype: object; name: string }, method: string): void => {
      const prototype = type.prototype as Record<string, (...args: unknown[]) => unknown>;
      const original = prototype[method] as (...args: unknown[]) => unknown;
      prototype[method] = function (this: unknown, ...args: unknown[]) {
        seen.push(type.name);
        return original.apply(this, args);
      };
    };
    for (const guard of GUARDS) watch(guard, 'canActivate');
    watch(TenantTransactionInterceptor, 'intercept');
    watch(InputValidationPipe, 'transform');
    const token = await app.token(a.users.owner.email);
    seen.length = 0;
    expect((await app.call('GET', '/v1/deals?limit=1', { token })).status).toBe(200);
    expect([...new Set(seen)]).toEqual([
      DeprecationGuard.name,
      AuthenticationGuard.name,
      RateLimitGuard.name,
      TenantGuard.name,
      AssuranceGuard.name,
      PermissionGuard.name,
      OperatorGuard.name,
      InputGuard.name,
      TenantTransactionInterceptor.name,
      InputValidationPipe.name,
    ]);
  });

  it('is the only place that puts something on it', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const putting = files.filter((file) =>
      /APP_(GUARD|INTERCEPTOR|PIPE|FILTER)\b/.test(readFileSync(`src/${file}`, 'utf8')),
    );
    expect(putting).toEqual(['pipeline/pipeline.module.ts']);
  });

  it('stops the boot at a route that does not say who may call it, by name', async () => {
    await expect(startApp(db, {}, undefined, [ForgottenModule])).rejects.toThrow(
      /GET \/v1\/forgotten\/door \(ForgottenController\.door\)[\s\S]*@RequirePermission/,
    );
  });

  it('asks for AAL2 where the route does', async () => {
    const token = await held.app.token(a.users.owner.email);
    const { body } = await held.app.call('GET', '/v1/probe/aal2', { token });
    expect(body).toMatchObject({ status: 403, code: 'aal2_required', requiredAal: 'aal2' });
  });

  it('asks the database who is calling even where the handler does not use it', async () => {
    const { app } = held;
    const { accessToken: token } = await app.tokens(a.users.member.email);
    expect((await app.call('GET', '/v1/probe/idle', { token })).status).toBe(200);
    expect((await app.call('POST', '/v1/auth/logout', { token })).status).toBe(204);
    expect((await app.call('GET', '/v1/probe/idle', { token })).body).toMatchObject({
      status: 401,
      code: 'session_ended',
    });
  });

  it('echoes a plain request id, replaces any other, and passes the trace on', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'X-Request-Id': 'order-7', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const kept = await held.app.call('GET', '/v1/deals', { headers });
    expect(kept.headers.get('x-request-id')).toBe('order-7');
    expect(kept.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(kept.body.traceId).toBe(trace);
    const odd = await held.app.call('GET', '/livez', { headers: { 'X-Request-Id': 'a b"c' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
