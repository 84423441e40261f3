import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { SQLSTATES } from '../../src/database/sqlstate.js';
import { DomainError, defineProblem, problemCatalogue, toProblem, validationFailed } from '../../src/errors/index.js';
import '../../src/start/create-app.js';
import { errorCodesDocument } from '../../src/start/error-codes.js';
import { documentFromCode } from '../../src/start/openapi/from-code.js';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/error-codes.md', () => {
  it('is what the code makes now; otherwise: npm run docs:errors', () => {
    expect(file('docs/error-codes.md')).toBe(errorCodesDocument());
  });

  it('has every code once, those of the database too', () => {
    const anchors = [...file('docs/error-codes.md').matchAll(/<a id="(\w+)">/g)].map(([, code]) => code);
    expect(anchors).toEqual(problemCatalogue().map(({ code }) => code));
    expect(new Set(anchors).size).toBe(anchors.length);
    for (const refuse of Object.values(SQLSTATES)) expect(anchors).toContain(refuse('deal:read').code);
    expect(anchors).toContain(/problems\/(\w+)/.exec(toProblem(validationFailed(), '/', '').type)?.[1]);
  });

  it('names operations that there are, and that document the status', async () => {
    const { paths } = (await documentFromCode()) as { paths: Record<string, Record<string, any>> };
    const operations = new Map(
      Object.values(paths)
        .flatMap((path) => Object.values(path))
        .map((operation) => [operation.operationId as string, Object.keys(operation.responses ?? {})]),
    );
    const wrong = problemCatalogue().flatMap(({ code, statuses, operations: named }) =>
      named
        .filter((id) => !statuses.some((status) => operations.get(id)?.includes(String(status))))
        .map(
          (id) => `${code} (${statuses.join(', ')}): ${id} ${operations.has(id) ? 'documents none of it' : 'is none'}`,
        ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('defineProblem', () => {
  const words = { status: 418, meaning: 'This is a test.', todo: 'Do nothing.' } as const;

  it('declares a code once, in snake_case and in sentences', () => {
    expect(() => defineProblem('not_found', words)).toThrow('declared twice');
    expect(() => defineProblem('NotFound', words)).toThrow('snake_case');
    expect(() => defineProblem('test_words', { ...words, todo: 'nothing' })).toThrow('sentences');
  });

  it('is the only source of codes: neither a look-alike nor another status can be thrown', () => {
    const [known] = problemCatalogue();
    expect(() => new DomainError({ ...known! })).toThrow('not declared');
    expect(() => new DomainError({ ...known!, code: 'made_up' })).toThrow('not declared');
    expect(() => new DomainError(known!, 'x', { status: 599 })).toThrow('599');
  });

  it('says meaning and todo where nothing else is said', () => {
    const refusal = validationFailed();
    expect(refusal.detail).toBe(`${validationFailed.meaning} ${validationFailed.todo}`);
    expect(validationFailed('x', { errors: [], cause: new Error('why') })).toMatchObject({
      status: 400, detail: 'x', extras: { errors: [] }, cause: { message: 'why' } }); // prettier-ignore
  });
});
