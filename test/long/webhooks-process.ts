import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { DeliveryRows } from '../../src/modules/webhooks/sending/delivery-rows.repository.js';

/** A worker that sends one webhook and stops before it can say so: to be killed there. */
const ring = new KeyRing('k1', new Map([['k1', Buffer.alloc(32, 1)]]));
const app = await NestFactory.createApplicationContext(
  { module: class Sending {}, imports: [AppModule.with(loadConfig(), ring)] },
  { logger: ['error', 'fatal'], abortOnError: false },
);
if (process.env['HOLD'] === 'answered')
  app.get(DeliveryRows, { strict: false }).transaction = () => {
    process.stdout.write('held\n');
    return new Promise(() => undefined);
  };
