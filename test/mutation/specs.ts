import { globSync, readFileSync } from 'node:fs';
import type { Mutant } from './mutant.js';

/**
 * Specs that compare the catalogue or the documents with what was written down: they would notice each change of the
 * schema, and say nothing of whether the protection protects.
 */
const COMPARES =
  /test\/(doctor|generator|openapi|start|embedded|client|limits\/long)\/|integration\/(migrations|protect-table)|docs?\.spec/;

interface Spec {
  path: string;
  text: string;
}

const specs: Spec[] = globSync(['test/**/*.spec.ts', 'src/**/*.spec.ts'])
  .filter((path) => !/test\/(browser|long|faults|mutation)\//.test(path) && !COMPARES.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

export const allSpecs = (): string[] => specs.map(({ path }) => path);

/** Those that lately noticed something about the same objects, or of the same kind, come first, and quick ones before slow ones. */
const noticed = new Map<string, Map<string, number>>();
const seconds = new Map<string, number>();
const STARTING_S = 2;
const UNKNOWN_S = 5;

export const took = (spec: string, s: number): void => void seconds.set(spec, s);

export function learn({ about, kind }: Mutant, spec: string): void {
  for (const word of [...about, kind]) {
    const of = noticed.get(word) ?? new Map<string, number>();
    noticed.set(word, of.set(spec, (of.get(spec) ?? 0) + 1));
  }
}

/** Specs about nothing else. */
const MEANT: Readonly<Record<string, string>> = {
  policy: 'test/isolation/policies-alone.spec.ts',
  'row level security': 'test/isolation/policies-alone.spec.ts',
  'force row level security': 'test/isolation/policies-alone.spec.ts',
  trigger: 'test/integration/triggers.spec.ts',
  'withheld grant': 'test/isolation/grants.spec.ts',
  'withheld from sign-in': 'test/isolation/grants.spec.ts',
  'withheld function': 'test/isolation/grants.spec.ts',
  'withheld from PUBLIC': 'test/isolation/grants.spec.ts',
  constraint: 'test/integration/constraints.spec.ts',
  demand: 'test/pipeline/guards-alone.spec.ts',
  'unique index': 'test/integration/constraints.spec.ts',
};

/** All specs, the likeliest first. @param known which noticed it at an earlier run */
export function likeliest({ about, kind }: Mutant, known?: string | null): string[] {
  const learnt = (word: string, path: string): number => Math.min(noticed.get(word)?.get(path) ?? 0, 5);
  const score = ({ path, text }: Spec): number => {
    if (path === known) return 1_000_000;
    if (path === MEANT[kind]) return 100_000;
    const words = about.reduce((sum, word) => sum + Math.min(text.split(word).length - 1, 20), 0);
    const before = about.reduce((sum, word) => sum + learnt(word, path) * 50, learnt(kind, path) * 15);
    const named = about.some((word) => path.includes(word)) ? 15 : 0;
    const likely = before + words * 2 + named + (path.includes('isolation') ? 3 : 0);
    return likely / (STARTING_S + (seconds.get(path) ?? UNKNOWN_S));
  };
  return specs.map((spec) => ({ path: spec.path, score: score(spec) })).sort((x, y) => y.score - x.score).map(({ path }) => path); // prettier-ignore
}
