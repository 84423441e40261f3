import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { AppModule } from '../app.module.js';
import type { Config, KeyRing } from '../config/index.js';
import { RequestContextMiddleware } from '../pipeline/01-request-context.middleware.js';
import { useJsonBodies } from '../pipeline/body.js';
import { PRIVATE } from '../route/index.js';
import { serveErrorCodes } from './error-codes.js';
import { JsonLogger } from './logger.js';
import { serveOpenApi } from './openapi/serve.js';
import { warnOfPlainConnections } from './plain-connections.js';
import { serveSwaggerUi } from './swagger-ui.js';
import { answerUnreadableRequests } from './unreadable-requests.js';

/** The whole application, not yet listening. Tests use this same function. */
export async function createApp(config: Config, ring: KeyRing): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, ring), {
    bodyParser: false,
    logger: new JsonLogger(config.env.LOG_LEVEL),
    abortOnError: false,
  });
  warnOfPlainConnections(config);
  configureHttp(app, config);
  return app;
}

const NO_PROXY =
  'TRUST_PROXY is empty: behind a proxy all clients count as one address, and one who guesses too often locks out all (docs/operations.md)';

/**
 * Milliseconds that a connection without a request is kept: longer than balancers keep theirs (60 seconds as a rule), so
 * that it is they who close it. Closed here, it may meet a request that is on its way, which then fails.
 */
const KEEP_ALIVE_MS = 75_000;

/** Everything about HTTP that is not a route. */
export function configureHttp(app: NestExpressApplication, config: Config): void {
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
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
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          fontSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'self'"],
          upgradeInsecureRequests: null,
        },
      },
      strictTransportSecurity: config.publicUrl.startsWith('https://'),
    }),
  );
  app.use('/v1', keptNowhere);
  answerUnreadableRequests(app);
  const first = app.get(RequestContextMiddleware);
  app.use(first.use.bind(first));
  useJsonBodies(app);
  serveOpenApi(app);
  serveSwaggerUi(app);
  serveErrorCodes(app);
}

/** What the API answers is for who asked, so no cache keeps it, unless a route says otherwise. */
function keptNowhere(_request: Request, response: Response, next: NextFunction): void {
  response.setHeaders(new Map(Object.entries(PRIVATE)));
  next();
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
