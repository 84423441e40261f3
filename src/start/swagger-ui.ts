import type { NestExpressApplication } from '@nestjs/platform-express';
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folderOf = (file: string): string => dirname(fileURLToPath(file));
const OURS = folderOf(import.meta.resolve('./assets/swagger-ui.html'));
const THEIRS = folderOf(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'));

/** All that there is under /docs: the library's folder also holds a page of its own, with somebody else's API in it. */
const FILES: readonly [path: string, folder: string, name: string][] = [
  ['/docs', OURS, 'swagger-ui.html'],
  ['/docs/page.css', OURS, 'swagger-ui.css'],
  ['/docs/page.js', OURS, 'swagger-ui.js'],
  ['/docs/library.css', THEIRS, 'swagger-ui.css'],
  ['/docs/library.js', THEIRS, 'swagger-ui-bundle.js'],
  ['/docs/icon.png', THEIRS, 'favicon-32x32.png'],
];

/**
 * Swagger UI at `/docs`. Page, script and styles are files, so that the content security policy allows nothing inline;
 * all come from this server, so that it works without any other.
 */
export function serveSwaggerUi(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  for (const [path, root, name] of FILES) {
    const content = readFileSync(join(root, name)); // as a file Express would take conditions and ranges, and refuse some
    http.get(path, (_request, response) => response.type(extname(name)).send(content));
  }
}
