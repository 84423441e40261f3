import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { CoreModule } from '../../src/core.module.js';
import { DatabaseModule } from '../../src/database/index.js';
import { assertIsolated } from '../../src/modules/doctor/index.js';
import { MailModule } from '../../src/modules/mail/index.js';

/** A process that sends mails, to be killed. Its key ring is MAIL_KEY; says so when it is up. */
const ring = new KeyRing('k1', new Map([['k1', Buffer.from(process.env['MAIL_KEY'] ?? '', 'hex')]]));
const imports = [CoreModule.with(loadConfig(), ring), DatabaseModule.withEntities([], assertIsolated), MailModule];
const context = await NestFactory.createApplicationContext({ module: class {}, imports }, { logger: false });
await context.init();
process.stdout.write('up\n');
