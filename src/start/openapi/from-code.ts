import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../../app.module.js';
import { KeyRing, loadConfig } from '../../config/index.js';
import { openApiDocument } from './document.js';

/** Never connected to: without the service's, the routes of operators would be missing. */
const url = (role: string): string => `postgres://${role}@127.0.0.1:1/none`;

/** The whole document of the code as it is. Nothing is started: Nest only looks at the modules and their decorators. */
export async function documentFromCode(): Promise<OpenAPIObject> {
  const config = loadConfig({
    NODE_ENV: 'test',
    APP_DATABASE_URL: url('app'),
    AUTH_DATABASE_URL: url('auth'),
    SERVICE_DATABASE_URL: url('service'),
  });
  const ring = new KeyRing('none', new Map([['none', Buffer.alloc(32)]]));
  const app = await NestFactory.create(AppModule.with(config, ring), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return openApiDocument(app);
}
