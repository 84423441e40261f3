import { readFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestDatabase } from '../support/database.js';

const FILES: Record<string, [file: string, type: string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/passkeys.js': ['passkeys.js', 'text/javascript; charset=utf-8'],
};

/** A small front end at an origin of its own, with the API behind it as a reverse proxy would have it. */
export interface TestPage {
  /** on localhost, which browsers take for a secure context */
  origin: string;
  /** where the API is, known once it listens */
  serveApi(url: string): void;
}

/** Serves until the database goes. */
export async function startTestPage(db: TestDatabase): Promise<TestPage> {
  let api = '';
  const server = createServer((request, response) => {
    const { method, url = '/', headers } = request;
    const file = FILES[url];
    if (file) {
      response.writeHead(200, { 'content-type': file[1] });
      response.end(readFileSync(join(import.meta.dirname, 'page', file[0])));
      return;
    }
    const onward = forward(api + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.writeHead(502).end(error.message));
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  db.beforeDrop(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    serveApi: (url) => void (api = url),
  };
}
