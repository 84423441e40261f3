import { openSealer } from '../support/sealers.js';

/** Seals until it is killed, in many small passes, so that it is killed within one. Arguments: URL, key. */
const { sealer } = await openSealer(process.argv[2] as string, process.argv[3]);
process.stdout.write('seals\n');
for (;;) await sealer.run(1 + Math.floor(Math.random() * 20));
