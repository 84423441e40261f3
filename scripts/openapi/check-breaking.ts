/*
 * `npm run openapi:breaking`: compares openapi.json with every version of it that was ever committed, and names what would
 * break a client that was written by one of them. A break on purpose stands in openapi.accepted-breaks.json, with a reason.
 * Needs Node and git's history, and nothing else.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { breakingChanges, type Contract } from './breaking-changes.js';

const FILE = 'openapi.json';
const ACCEPTED = 'openapi.accepted-breaks.json';
/** Older ones are no longer anybody's. */
const VERSIONS = 200;

interface Accepted {
  change: string;
  reason: string;
}

process.exitCode = main();

function main(): number {
  const text = readFileSync(FILE, 'utf8');
  const now = JSON.parse(text) as Contract;
  const history = versions();
  const found = new Map<string, string>();
  for (const { commit, contract } of history) {
    for (const change of breakingChanges(contract, now)) if (!found.has(change)) found.set(change, commit);
  }
  const reasons = accepted();
  const open = [...found].filter(([change]) => !reasons.has(change));
  for (const [change, commit] of open) console.error(`breaks clients of ${commit.slice(0, 8)}: ${change}`);
  if (open.length > 0) {
    console.error(`\n${open.length} breaking. Keep what was there beside the new; or, where the break is meant,`);
    console.error(`add {"change": "...", "reason": "..."} to ${ACCEPTED}, word for word.`);
    return 1;
  }
  const known = found.size > 0 ? `, but for ${found.size} that ${ACCEPTED} accepts` : '';
  console.log(history.length === 0 ? 'No earlier contract: nothing to break.' : `Nothing breaks clients of the ${history.length} contracts before${known}.`); // prettier-ignore
  return 0;
}

/** Every committed version that this checkout knows, latest first. */
function versions(): { commit: string; contract: Contract }[] {
  if (git('rev-parse', '--git-dir') === undefined) return []; // an unpacked archive
  if (git('rev-parse', '--is-shallow-repository')?.trim() === 'true') {
    console.warn(
      'This checkout has not the whole history, so older contracts are not compared: git fetch --unshallow.',
    );
  }
  const commits = (git('rev-list', `--max-count=${VERSIONS}`, 'HEAD', '--', FILE) ?? '').split('\n').filter(Boolean);
  const texts = new Set<string>();
  return commits.flatMap((commit) => {
    const text = git('show', `${commit}:${FILE}`);
    if (text === undefined || texts.has(text)) return []; // deleted there, or as in a later one
    texts.add(text);
    return [{ commit, contract: JSON.parse(text) as Contract }];
  });
}

/** What git says; undefined where it fails, or is not there. */
function git(...words: string[]): string | undefined {
  try {
    return execFileSync('git', words, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

function accepted(): Map<string, string> {
  if (!existsSync(ACCEPTED)) return new Map();
  const list = JSON.parse(readFileSync(ACCEPTED, 'utf8')) as Accepted[];
  const bare = list.filter(({ reason }) => !reason || reason.trim().length < 10);
  if (bare.length > 0) throw new Error(`${ACCEPTED}: each change needs a reason.`);
  return new Map(list.map(({ change, reason }) => [change, reason]));
}
