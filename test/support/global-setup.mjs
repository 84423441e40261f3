import './ts-hooks.mjs';

/** Starts one PostgreSQL for the run and makes the template database that every spec file clones. */
export default async function setup() {
  const { startEnvironment } = await import('./environment.ts');
  globalThis.ringfenceEnvironment = await startEnvironment();
}
