import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { Runs } from '../../src/modules/jobs/tenant/runs.js';
import { Bench, BenchModule } from '../jobs/bench.js';

/** A worker that stops at one moment of its first job, and says so: to be killed there. */
const config = loadConfig();
const ring = new KeyRing('k1', new Map([['k1', Buffer.alloc(32, 1)]]));
const app = await NestFactory.createApplicationContext(
  { module: class Working {}, imports: [AppModule.with(config, ring), BenchModule] },
  { logger: ['error', 'fatal'], abortOnError: false },
);
const hold = (): Promise<never> => {
  process.stdout.write('held\n');
  return new Promise(() => undefined);
};
if (process.env['HOLD'] === 'before-commit') app.get(Bench, { strict: false }).during = hold;
if (process.env['HOLD'] === 'after-commit') {
  const runs = app.get(Runs, { strict: false });
  const run = runs.run.bind(runs);
  runs.run = async (...rest) => {
    await run(...rest);
    return hold();
  };
}
