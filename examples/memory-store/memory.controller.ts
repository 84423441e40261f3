import { Controller, Get, HttpCode, Param, Put, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { buffer } from 'node:stream/consumers';
import { notFound } from '../../src/errors/index.js';
import { OBJECTS_PATH, signatureInvalid, SignedUrls } from '../../src/modules/storage/index.js';
import { NotAudited, Public, type Reply, reply, SecretField, Unlimited } from '../../src/route/index.js';
import { MemoryDriver } from './memory.driver.js';

class Signed {
  @SecretField({ max: 4096 })
  signature!: string;
}

interface ObjectPath {
  tenant: string;
  file: string;
  object: string;
}

/**
 * Where the driver's URLs lead. The signature says what is permitted; nobody signs in here. What a download may ask for
 * beside that (ranges, conditions) this one does not know.
 */
@ApiExcludeController()
@Controller(OBJECTS_PATH.slice(1))
@Public()
@Unlimited('a signature is all that is asked for, and this store is for tests')
export class MemoryController {
  constructor(
    private readonly urls: SignedUrls,
    private readonly driver: MemoryDriver,
  ) {}

  @Put(':tenant/:file/:object')
  @HttpCode(200)
  @NotAudited('the route that completes the file does')
  async put(
    @Param() path: ObjectPath,
    @Query() { signature }: Signed,
    @Req() request: Request,
  ): Promise<Reply<undefined>> {
    const grant = this.urls.read(signature, 'PUT', keyOf(path));
    if (!grant || ('contentType' in grant && request.headers['content-type'] !== grant.contentType))
      throw signatureInvalid();
    return reply(undefined, { ETag: this.driver.receive(grant.key, await buffer(request), grant) });
  }

  @Get(':tenant/:file/:object')
  async get(@Param() path: ObjectPath, @Query() { signature }: Signed): Promise<StreamableFile> {
    const grant = this.urls.read(signature, 'GET', keyOf(path));
    if (!grant) throw signatureInvalid();
    if (!(await this.driver.head(grant.key))) throw notFound();
    return new StreamableFile(await this.driver.read(grant.key), {
      type: grant.contentType,
      disposition: grant.disposition,
    });
  }
}

const keyOf = ({ tenant, file, object }: ObjectPath): string => `${tenant}/${file}/${object}`;
