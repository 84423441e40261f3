import { Controller, Get, HttpCode, Param, Put, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { NotAudited, Public, type Reply, reply, SecretField, Unlimited } from '../../../../route/index.js';
import { signatureInvalid } from '../../storage.problems.js';
import { drain } from './drain.js';
import { ObjectDownload } from './object-download.js';
import { ObjectUpload } from './object-upload.js';
import { type Grant, OBJECTS_PATH, SignedUrls } from './signed-urls.js';

class Signed {
  @SecretField({ max: 4096, description: 'what the URL permits, and the proof of it' })
  signature!: string;
}

interface ObjectPath {
  tenant: string;
  file: string;
  object: string;
}

/**
 * Where the disk driver's URLs lead: bytes in and out, for whoever holds one. They are made by the routes of files, which ask
 * who calls and record it; here the signature is all that counts, and no transaction is open while bytes move. Not in the
 * OpenAPI document: a client follows the URL that it was given, to wherever it leads.
 */
@ApiExcludeController()
@Controller(OBJECTS_PATH.slice(1))
@Public()
@Unlimited('a signature is all that is asked for, and transfers have bounds of their own')
export class ObjectsController {
  constructor(
    private readonly urls: SignedUrls,
    private readonly uploads: ObjectUpload,
    private readonly downloads: ObjectDownload,
  ) {}

  @Put(':tenant/:file/:object')
  @HttpCode(200)
  @NotAudited('the route that completes the file does')
  async put(
    @Param('tenant') tenant: string,
    @Param('file') file: string,
    @Param('object') object: string,
    @Query() { signature }: Signed,
    @Req() request: Request,
  ): Promise<Reply<undefined>> {
    try {
      const grant = this.grant(signature, 'PUT', { tenant, file, object });
      return reply(undefined, { ETag: await this.uploads.receive(request, grant) });
    } catch (error) {
      drain(request);
      throw error;
    }
  }

  /** HEAD, too: Express asks here for it. */
  @Get(':tenant/:file/:object')
  async get(
    @Param('tenant') tenant: string,
    @Param('file') file: string,
    @Param('object') object: string,
    @Query() { signature }: Signed,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    return this.downloads.send(this.grant(signature, 'GET', { tenant, file, object }), request, response);
  }

  private grant<Method extends Grant['method']>(signature: string, method: Method, path: ObjectPath) {
    const grant = this.urls.read(signature, method, `${path.tenant}/${path.file}/${path.object}`);
    if (!grant) throw signatureInvalid();
    return grant;
  }
}
