import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import '../../src/resource-modules.js';
import { rankOf, tags } from '../../src/start/openapi/tags.js';

/** As the code makes it now; written at the start of the run. */
const made = (): Promise<string> => readFile(process.env['RINGFENCE_OPENAPI'] as string, 'utf8');
const committed = (): Promise<string> => readFile('openapi.json', 'utf8');

interface Place {
  name: string;
  operation: Record<string, any>;
}

const placesOf = (document: { paths: Record<string, Record<string, Record<string, unknown>>> }): Place[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );

describe('openapi.json', () => {
  it('is what the code makes', async () => {
    const [here, now] = await Promise.all([committed(), made()]);
    const lines = new Set(here.split('\n'));
    const first = now.split('\n').find((line) => !lines.has(line));
    // not compared with toBe: its report of two such texts takes a minute
    if (here !== now) throw new Error(`openapi.json is out of date: npm run openapi. The first new line is: ${first}`);
  });

  it('says of every operation who may call it, and how sure they must be', async () => {
    const document = JSON.parse(await made());
    const silent = placesOf(document).filter(({ operation }) => {
      const { description, 'x-permission': permission, 'x-aal': aal } = operation;
      return (
        !/\*\*Access:\*\* \S/.test(description) ||
        (permission && !description.includes(`\`${permission}\``)) ||
        (aal && !description.includes('AAL2'))
      );
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('has every chapter in the list of chapters, and a problem behind every refusal', async () => {
    const document = JSON.parse(await made());
    const strays = placesOf(document).filter(({ operation }) => rankOf(operation['tags'][0]) === tags().length);
    expect(strays.map(({ name }) => name)).toEqual([]);
    const bare = placesOf(document).flatMap(({ name, operation }) =>
      Object.entries<Record<string, any>>(operation['responses'])
        .filter(([status]) => Number(status) >= 400)
        .filter(([, answer]) => {
          const spec = answer['$ref']
            ? document.components.responses[answer['$ref'].split('/').at(-1)]
            : (answer as { content: object });
          return !spec.content['application/problem+json'];
        })
        .map(([status]) => `${name} ${status}`),
    );
    expect(bare).toEqual([]);
  });

  it('has no word of the form of 3.0', async () => {
    const document = JSON.parse(await made());
    const old: string[] = [];
    const look = (value: unknown, at: string): void => {
      if (typeof value !== 'object' || value === null || /\/examples?(\/|$)/.test(at)) return;
      if ('nullable' in value && !at.endsWith('/properties')) old.push(`${at}/nullable`);
      for (const [key, inner] of Object.entries(value)) look(inner, `${at}/${key}`);
    };
    look(document, '');
    expect(old).toEqual([]);
  });
});
