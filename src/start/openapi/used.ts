import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './types.js';

type Components = Record<string, Record<string, unknown>>;

/** The document without components that nothing refers to: those of a status that no route has yet, for instance. */
export function withUsedOnly(document: OpenAPIObject): OpenAPIObject {
  const schemes = new Set(
    operationsOf(document).flatMap(({ operation }) => (operation.security ?? []).flatMap(Object.keys)),
  );
  let components = (document.components ?? {}) as Components;
  for (let before = -1; before !== size(components);) {
    before = size(components);
    const text = JSON.stringify([document.paths, components]);
    const isUsed = (kind: string, name: string): boolean =>
      kind === 'securitySchemes' ? schemes.has(name) : text.includes(`"#/components/${kind}/${name}"`);
    components = Object.fromEntries(
      Object.entries(components).map(([kind, parts]) => [
        kind,
        Object.fromEntries(Object.entries(parts).filter(([name]) => isUsed(kind, name))),
      ]),
    );
  }
  return { ...document, components };
}

const size = (components: Components): number =>
  Object.values(components).reduce((sum, parts) => sum + Object.keys(parts).length, 0);
