import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '../lib/refusal.ts';

/** The last migration that made a resource's table: its path from the root, and its class. @throws Refusal where there is none */
export function createMigrationOf(root: string, resource: string): { path: string; className: string } {
  const call = new RegExp(`protect_(resource|shared_resource)\\(\\s*'app\\.\\w+',\\s*'${resource}'`);
  const files = readdirSync(join(root, 'migrations')).filter((name) => /^\d{4}-create-.*\.ts$/.test(name));
  for (const file of files.sort().reverse()) {
    const text = readFileSync(join(root, 'migrations', file), 'utf8');
    const className = /export class (\w+)/.exec(text)?.[1] ?? '';
    if (call.test(text)) return { path: `migrations/${file}`, className };
  }
  return refuse(`There is no resource ${resource} that was generated.`);
}
