import { spawnSync } from 'node:child_process';
import { refuse } from '../lib/refusal.ts';

/**
 * Whether a file has ever been committed, so that a migration may have run elsewhere.
 * @throws Refusal where nobody can know: outside git
 */
export function isReleased(root: string, path: string): boolean {
  const git = (...args: string[]): { status: number | null; stdout: string } =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (git('rev-parse', '--is-inside-work-tree').stdout.trim() !== 'true')
    refuse(
      'This is no git working copy, so say it: --released (its migration has run elsewhere, and stays) or --unreleased (it goes).',
    );
  return git('log', '--all', '--oneline', '-1', '--', path).stdout.trim() !== '';
}
