import type { Rule } from '@angular-devkit/schematics';
import { format, resolveConfig } from 'prettier';

/** Lets Prettier write what is new or changed, by the rules of the house. */
export const pretty = (): Rule => async (tree) => {
  const rules = await resolveConfig(`${process.cwd()}/package.json`);
  const paths = new Set(
    tree.actions.flatMap((action) => ('content' in action && action.path.endsWith('.ts') ? [action.path] : [])),
  );
  for (const path of paths) {
    const text = tree.readText(path);
    tree.overwrite(path, await format(text, { ...rules, parser: 'typescript' }));
  }
};
