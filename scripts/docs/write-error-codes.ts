/*
 * `npm run docs:errors`: writes docs/error-codes.md from the code as it is. With a word after it, that file instead.
 * Run with test/support/ts-hooks.mjs, so that nothing has to be built.
 */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import '../../src/start/create-app.js'; // all that declares problems
import { errorCodesDocument } from '../../src/start/error-codes.js';

const [, , file = 'docs/error-codes.md'] = process.argv;
await writeFile(file, errorCodesDocument());
