/*
 * `npm run openapi`: writes openapi.json, the contract, from the code as it is. With a word after it, that file instead.
 * Run with test/support/ts-hooks.mjs, so that nothing has to be built.
 */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { documentFromCode } from '../../src/start/openapi/from-code.js';

const [, , file = 'openapi.json'] = process.argv;
await writeFile(file, `${JSON.stringify(await documentFromCode(), null, 2)}\n`);
