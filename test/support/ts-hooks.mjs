import { transformSync, version as swc } from '@swc/core';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const SWC = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2023',
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

// Several specs start servers in processes of their own: each would compile all of src anew.
const cache = new URL('../../node_modules/.cache/ringfence-tests/', import.meta.url);
mkdirSync(cache, { recursive: true });
enableCompileCache(fileURLToPath(cache));

/** What SWC makes of a file, from the cache if it made it before. */
function transformed(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = new URL(`${hash('sha256', JSON.stringify([swc, SWC, filename, source]))}.js`, cache);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transformSync(source, { filename, ...SWC });
  const unfinished = new URL(`${kept.href}.${process.pid}`);
  writeFileSync(unfinished, code);
  renameSync(unfinished, kept); // another process may be reading
  return code;
}

/**
 * Lets plain Node import our TypeScript: jest runs its global setup outside its own module system, where neither
 * decorators nor `.js` suffixes that stand for `.ts` files are understood.
 */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith('file:')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    return { format: 'module', source: transformed(fileURLToPath(url)), shortCircuit: true };
  },
});
