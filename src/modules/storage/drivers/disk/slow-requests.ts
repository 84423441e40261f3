import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { requestTimeout, toProblem } from '../../../../errors/index.js';
import { UPLOAD_SECONDS_AT_MOST } from '../storage-driver.js';
import { OBJECTS_PATH } from './signed-urls.js';

/** Beyond an upload's own end, which comes first and with an answer. */
const MARGIN_MS = 60_000;

/**
 * Node ends a request that takes longer than server.requestTimeout to arrive, five minutes, whatever its route. An upload may
 * take as long as its URL lives and has limits of its own (bodyOf), so that is raised; all others keep the five minutes here.
 */
@Injectable()
export class SlowRequests implements OnApplicationBootstrap {
  /** milliseconds for a request that is no upload */
  limit = 300_000;

  constructor(private readonly host: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    const { httpAdapter } = this.host as Partial<HttpAdapterHost>; // a worker has none
    const server = httpAdapter?.getHttpServer() as Server | undefined;
    if (!server?.requestTimeout) return;
    this.limit = server.requestTimeout;
    server.requestTimeout = Math.max(server.requestTimeout, UPLOAD_SECONDS_AT_MOST * 1000 + MARGIN_MS);
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.watch(request, response);
    });
  }

  private watch(request: IncomingMessage, response: ServerResponse): void {
    const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    if (chunked === undefined && Number(length ?? 0) === 0) return;
    const timer = setTimeout(() => {
      if (request.complete) return;
      if (isUpload(request) && !response.headersSent) timer.refresh();
      else end(request, response);
    }, this.limit);
    timer.unref();
    request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  }
}

/** One that was refused is none any more: nobody reads it. */
const isUpload = ({ method, url }: IncomingMessage): boolean =>
  method === 'PUT' && url?.startsWith(`${OBJECTS_PATH}/`) === true;

/** Answers, if nobody has, and closes the connection. */
function end(request: IncomingMessage, response: ServerResponse): void {
  const close = (): void => void request.destroy();
  if (response.headersSent) return close();
  const path = request.url?.split('?')[0] ?? '';
  const headers = { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' };
  response.writeHead(408, headers).end(JSON.stringify(toProblem(requestTimeout(), path, '0'.repeat(32))), close);
}
