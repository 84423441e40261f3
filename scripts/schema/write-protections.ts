/*
 * `npm run schema:protections`: writes migrations/protections.txt, what every migration together makes of the database,
 * from a database of its own that it starts for that. With a word after it, that file instead. Run with
 * test/support/ts-hooks.mjs, so that nothing has to be built.
 */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { withCatalogue } from '../../src/database/catalogue.js';
import { PROTECTIONS_IN_ORDER } from '../../src/modules/doctor/protections.js';
import { withScratchDatabase } from './scratch-database.js';

const [, , file = 'migrations/protections.txt'] = process.argv;
const lines = await withScratchDatabase(({ service }) =>
  withCatalogue(service, (select) => select<{ line: string }>(PROTECTIONS_IN_ORDER)),
);
await writeFile(file, lines.map(({ line }) => `${line}\n`).join(''));
