import { Shutdown } from '../../src/start/shutdown.js';

/** A process that runs until it is told, or until something is thrown in it that nobody waits for; FAULT says what. */
const shutdown = new Shutdown();
shutdown.onSignals();
shutdown.onFaults();
setInterval(() => undefined, 1_000);
const { FAULT } = process.env;
shutdown.first(async () => {
  process.stdout.write('stopping\n');
  if (FAULT === undefined) await new Promise(() => undefined);
});
if (FAULT === 'rejection') void Promise.reject(new Error('nobody waits for it'));
if (FAULT === 'throw') setTimeout(() => { throw new Error('nobody catches it'); }); // prettier-ignore
process.stdout.write('runs\n');
