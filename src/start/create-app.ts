import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import helmet from 'helmet';
import { AppModule } from '../app.module.js';
import type { Config, KeyRing } from '../config/index.js';
import { RequestContextMiddleware } from '../pipeline/01-request-context.middleware.js';
import { useJsonBodies } from '../pipeline/body.js';
import { serveErrorCodes } from './error-codes.js';
import { JsonLogger } from './logger.js';
import { serveOpenApi } from './openapi/serve.js';
import { serveSwaggerUi } from './swagger-ui.js';
import { answerUnreadableRequests } from './unreadable-requests.js';

/** The whole application, not yet listening. Tests use this same function. */
export async function createApp(config: Config, ring: KeyRing): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, ring), {
    bodyParser: false,
    logger: new JsonLogger(config.env.LOG_LEVEL),
    abortOnError: false,
  });
  configureHttp(app, config);
  return app;
}

const NO_PROXY =
  'TRUST_PROXY is empty: behind a proxy all clients count as one address, and one who guesses too often locks out all (docs/operations.md)';

/** Everything about HTTP that is not a route. */
export function configureHttp(app: NestExpressApplication, config: Config): void {
  app.disable('x-powered-by');
  app.set('etag', false); // records carry their own; hashing every list would be work for nobody
  app.set('query parser', 'simple');
  onlyWithETag((app.getHttpAdapter().getInstance() as { request: object }).request);
  if (config.env.TRUST_PROXY) app.set('trust proxy', config.env.TRUST_PROXY);
  else if (config.production) new Logger('Http').warn(NO_PROXY);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          fontSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'self'"],
          upgradeInsecureRequests: null,
        },
      },
      strictTransportSecurity: config.publicUrl.startsWith('https://'),
    }),
  );
  answerUnreadableRequests(app);
  const first = app.get(RequestContextMiddleware);
  app.use(first.use.bind(first));
  useJsonBodies(app);
  serveOpenApi(app);
  serveSwaggerUi(app);
  serveErrorCodes(app);
}

/** What has no ETag is never 304: Express would say so of any answer to `If-None-Match: *`. */
function onlyWithETag(prototype: object): void {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(prototype), 'fresh');
  Object.defineProperty(prototype, 'fresh', {
    configurable: true,
    get(this: Request): boolean {
      return this.res?.getHeader('ETag') !== undefined && own?.get?.call(this) === true;
    },
  });
}
