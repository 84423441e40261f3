import { parseArgs } from 'node:util';
import { refuse } from '../lib/refusal.ts';

export const USAGE = `npm run generate -- resource <name> <field:type[?][:unique][:filter]>... [flags]
npm run generate -- remove <name> [--released | --unreleased]

types   string text integer money boolean date timestamp enum(a|b) email url reference(resource)
        ? behind the type: it may be empty · :unique in the tenant · :filter of the list
flags   --belongs-to <resource>   below its path, seen by whoever sees it, gone with it; with ? behind it (quoted) it may stand alone
        --visibility              each has an owner, who says who sees it
        --files                   files may hang at it
        --aal2-writes             changing it needs a second factor
        --plural <word>           where the language has another one than the rules know
        --dry-run                 say which files, and write none`;

export interface Wish {
  schematic: 'resource' | 'remove';
  options: Record<string, unknown>;
  dryRun: boolean;
}

/** @throws Refusal for what is no command */
export function wishOf(args: string[]): Wish {
  const { positionals, values } = parsed(args);
  const [command, name, ...fields] = positionals;
  if (command !== 'resource' && command !== 'remove') return refuse(USAGE);
  if (!name) return refuse(`Say which one: npm run generate -- ${command} <name>`);
  const { 'dry-run': dryRun = false, released, unreleased, ...flags } = values;
  if (command === 'remove') {
    if (fields.length > 0 || Object.keys(flags).length > 0)
      refuse('remove takes a name alone, and --released or --unreleased.');
    if (released && unreleased) refuse('Either --released or --unreleased.');
    return {
      schematic: command,
      dryRun,
      options: { name, ...(released || unreleased ? { released: released === true } : {}) },
    };
  }
  if (released || unreleased) refuse('--released and --unreleased are for remove.');
  const { 'belongs-to': belongsTo, 'aal2-writes': aal2Writes, ...rest } = flags;
  const options = { name, fields, ...rest, ...(belongsTo ? { belongsTo } : {}), ...(aal2Writes ? { aal2Writes } : {}) };
  return { schematic: command, dryRun, options };
}

function parsed(args: string[]) {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = {
    'belongs-to': text,
    plural: text,
    visibility: flag,
    files: flag,
    'aal2-writes': flag,
    'dry-run': flag,
    released: flag,
    unreleased: flag,
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    return refuse(`${(error as Error).message.split('. ')[0] ?? ''}.\n\n${USAGE}`);
  }
}
