import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { ApprovalPermissions } from '../../examples/approvals/approvals.permissions.js';
import { approvalsPlatform, RemindOfApproval } from '../../examples/approvals/index.js';
import '../../examples/http-mail/http.transport.js';
import '../../examples/memory-store/define.js';
import { ConfigError, loadConfig } from '../../src/config/index.js';
import { defineJob, JobHandler } from '../../src/modules/jobs/index.js';
import { JobHandlers } from '../../src/modules/jobs/tenant/job-handlers.js';
import { readPayload } from '../../src/modules/jobs/tenant/payload.js';
import { defineMailTransport } from '../../src/modules/mail/index.js';
import { MailFailure } from '../../src/modules/mail/index.js';
import { failureOf } from '../../src/modules/mail/transports/failure.js';
import { mailTransport } from '../../src/modules/mail/transports/index.js';
import { PlatformModule } from '../../src/modules/platform/index.js';
import { defineStorageDriver, type StorageDriver, StorageModule } from '../../src/modules/storage/index.js';
import { RouteCheck, UnauditedRouteError, UndeclaredRouteError } from '../../src/pipeline/route-check.js';
import { defineAuditActions, definePermission, defineWebhookEvents, RequirePermission } from '../../src/route/index.js';

/* What happens when one forgets a part of what docs/guides/extending.md shows. */

/** What stops the boot of an application with nothing but these. */
async function boot(controllers: Type[], providers: Type[]): Promise<unknown> {
  const module = await Test.createTestingModule({ imports: [DiscoveryModule], controllers, providers }).compile();
  return module.init().then(
    () => undefined,
    (error: unknown) => error,
  );
}

@Controller('v1/forgetful')
class WithoutPermission {
  @Get() read(): void {}
}

@Controller('v1/forgetful')
class WithoutAction {
  @Post() @RequirePermission(ApprovalPermissions.create) write(): void {}
}

describe('a route', () => {
  it('without a permission, or an action, does not boot', async () => {
    expect(await boot([WithoutPermission], [RouteCheck])).toBeInstanceOf(UndeclaredRouteError);
    expect(await boot([WithoutAction], [RouteCheck])).toBeInstanceOf(UnauditedRouteError);
  });
});

describe('what is declared', () => {
  it.each([
    ['a permission', () => definePermission('approval:read', 'again', 'viewer')],
    ['an audit action', () => defineAuditActions('approval', { asked: 'again' })],
    ['a webhook event', () => defineWebhookEvents(...Object.values(defineAuditActions('forgotten', { done: 'Once' })).flatMap((one) => [one, one]))], // prettier-ignore
    ['a job', () => defineJob({ ...RemindOfApproval })],
    ['a storage driver', () => defineStorageDriver('memory', () => ({ providers: [] }))],
    ['a mail transport', () => defineMailTransport('http', () => ({ send: async () => undefined, close: () => undefined }))], // prettier-ignore
  ])('twice does not load: %s', (_, again) => expect(again).toThrow(/declared twice/));

  it('is written as it should be', () => {
    expect(() => definePermission('approvalRead', 'malformed', 'viewer')).toThrow(/write it as resource:verb/);
    expect(() => defineAuditActions('Approval', { asked: 'malformed' })).toThrow(/write it as target.verb/);
    expect(() => defineStorageDriver('My Store', () => ({ providers: [] }))).toThrow(/write it in lower case/);
    expect(() => defineMailTransport('', () => ({ send: async () => undefined, close: () => undefined }))).toThrow(/lower case/); // prettier-ignore
  });
});

describe('a job', () => {
  it.each([{}, { approvalId: 'not an id' }, { approvalId: '0199d2a4-7b1c-7c3e-9b57-1f2e3d4c5b6a', more: 1 }])(
    'refuses another payload than its own: %p',
    (payload) => expect(readPayload(RemindOfApproval, payload)).rejects.toThrow(/approval.remind/),
  );

  it('that nobody does stops a process that works on jobs', async () => {
    class Other {
      run(): Promise<void> {
        return Promise.resolve();
      }
    }
    JobHandler(defineJob({ kind: 'forgotten.other', permissions: [], payload: Object }))(Other);
    const module = await Test.createTestingModule({ imports: [DiscoveryModule], providers: [JobHandlers, Other] }).compile(); // prettier-ignore
    expect(() => module.get(JobHandlers).find(true)).toThrow(/nobody does these jobs: approval\.remind/);
  });
});

describe('a driver', () => {
  const of = (env: Record<string, string>) => loadConfig({ NODE_ENV: 'test', ...env });

  it('that lacks a method does not compile', () => {
    // @ts-expect-error -- everything but the name is missing
    const half: StorageDriver = { name: 'half' };
    expect(half.name).toBe('half');
  });

  it('that nobody declares, or whose variables are missing, does not start', () => {
    expect(() => StorageModule.with(of({ STORAGE_DRIVER: 'memroy' }))).toThrow(new ConfigError('STORAGE_DRIVER: there is no memroy, only disk, s3, memory')); // prettier-ignore
    expect(() => mailTransport(of({ MAIL_TRANSPORT: 'htpt' }))).toThrow(/MAIL_TRANSPORT: there is no htpt, only smtp, folder, http/); // prettier-ignore
    expect(() => mailTransport(of({ MAIL_TRANSPORT: 'http', HTTP_MAIL_URL: 'ftp://x' }))).toThrow(
      /HTTP_MAIL_URL: [^]*HTTP_MAIL_TOKEN: /,
    );
  });

  it('that is for tests does not start in production, and neither does a provider in the clear', () => {
    const production = {
      NODE_ENV: 'production',
      APP_DATABASE_URL: 'postgres://x',
      AUTH_DATABASE_URL: 'postgres://x',
      KEY_RING_FILE: 'ring.json',
      PUBLIC_URL: 'https://api.example.com',
      STORAGE_DRIVER: 'memory',
      MAIL_TRANSPORT: 'http',
      HTTP_MAIL_URL: 'http://mail.example.com',
      HTTP_MAIL_TOKEN: 'x',
    };
    const config = loadConfig(production);
    expect(() => StorageModule.with(config)).toThrow(/is for tests/);
    expect(() => mailTransport(config)).toThrow(/must start with https/);
    expect(() => loadConfig({ ...production, MAIL_TRANSPORT: 'folder' })).toThrow(/SMTP_URL is missing/);
  });

  it('of mails says what may be stored, and no more', () => {
    const failure = { told: 'HTTP 503', permanent: false, scope: 'server' } as const;
    expect(failureOf(new MailFailure(failure))).toEqual(failure);
    expect(failureOf(new Error('to somebody@example.com')).told).not.toContain('somebody');
  });
});

describe('the operators’ side of a feature', () => {
  it('is not there without the service role’s URL, and its door is open to nobody else', async () => {
    const config = loadConfig({ NODE_ENV: 'test' });
    const storage = StorageModule.with(config);
    expect(PlatformModule.with(config, storage, [approvalsPlatform])).toEqual({ module: PlatformModule });
    const url = loadConfig({ NODE_ENV: 'test', SERVICE_DATABASE_URL: 'postgres://x' });
    expect(PlatformModule.with(url, storage, [approvalsPlatform]).exports).toBeUndefined();
  });
});
