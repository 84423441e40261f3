import { describe, expect, it } from '@jest/globals';
import { All, Controller, Delete, Get, Options, Patch, Post, Put, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AuditTargetError, RouteCheck, UnauditedRouteError } from '../../src/pipeline/route-check.js';
import { Audited, defineAuditActions, MADE, NotAudited, Public } from '../../src/route/index.js';

const Planted = defineAuditActions('planted', { done: 'Planted by a test' });

/** The check, at the boot of an application with nothing but these routes. */
async function boot(controller: Type): Promise<unknown> {
  const builder = Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers: [controller],
    providers: [RouteCheck],
  });
  const module = await builder.compile();
  return module.init().then(
    () => undefined,
    (error: unknown) => error,
  );
}

@Public()
@Controller('v1/silent')
class SilentController {
  @Get() get(): void {}
  @Options() options(): void {}
  @Post() post(): void {}
  @Put(':id') put(): void {}
  @Patch(':id') patch(): void {}
  @Delete(':id') delete(): void {}
  @All('all') all(): void {}
  @Post('said') @Audited(Planted.done) said(): void {}
  @Post('nothing') @NotAudited('reads') nothing(): void {}
}

@Public()
@Controller('v1/owners/:ownerId/pets')
class AstrayController {
  @Post() @Audited(Planted.done) noneOfIt(): void {}
  @Post('new') @Audited(Planted.done, MADE) made(): void {}
  @Delete(':petId') @Audited(Planted.done, 'id') misspelt(): void {}
  @Patch(':petId') @Audited(Planted.done, 'petId') right(): void {}
  @Put() @Audited(Planted.done, 'ownerId') controllers(): void {}
}

@Public()
@Controller('v1/plain')
class PlainController {
  @Post() @Audited(Planted.done) answered(): void {}
  @Put() @Audited(Planted.done, 'userId') absent(): void {}
}

describe('the boot stops', () => {
  it('at each route that changes something and does not say what it leaves in the audit log, by name', async () => {
    const error = await boot(SilentController);
    expect(error).toBeInstanceOf(UnauditedRouteError);
    const { message } = error as Error;
    expect(message.match(/SilentController\.\w+/g)).toEqual(['post', 'put', 'patch', 'delete', 'all'].map((name) => `SilentController.${name}`)); // prettier-ignore
    expect(message).toContain('DELETE /v1/silent/:id (SilentController.delete)');
    expect(message).toMatch(/Ways out: @Audited\([\s\S]*@NotAudited\('why'\)/);
  });

  it('at each that names a path parameter which it does not have', async () => {
    const error = await boot(AstrayController);
    expect(error).toBeInstanceOf(AuditTargetError);
    const names = (error as Error).message.match(/AstrayController\.\w+/g);
    expect(names).toEqual(['AstrayController.noneOfIt', 'AstrayController.misspelt']);
    expect(((await boot(PlainController)) as Error).message.match(/PlainController\.\w+/g)).toEqual(['PlainController.absent']); // prettier-ignore
  });
});
