import { apply, applyTemplates, chain, filter, mergeWith, move, type Rule, url } from '@angular-devkit/schematics';
import { pascal } from '../lib/names.ts';
import { pretty } from '../lib/pretty.ts';
import { listActions, listMigration, listModule } from '../lib/wiring.ts';
import { WorkingCopy } from '../lib/working-copy.ts';
import type { Model } from './model.ts';
import { modelOf } from './model-of.ts';
import type { ResourceOptions } from './options.ts';
import { actionsOf, snippetsOf } from './snippets.ts';
import { specOf } from './spec.ts';

/** Writes a resource, and puts it into the lists that it belongs in. Nothing is written unless all of it can be. */
export function resource(options: ResourceOptions): Rule {
  return (tree) => {
    const model = modelOf(new WorkingCopy(tree), options);
    return chain([
      written(model, 'module', `/src/modules/${model.folder}`),
      written(model, 'migrations', '/migrations'),
      written(model, 'test', '/test/resources'),
      wired(model),
      pretty(),
    ]);
  };
}

function written(model: Model, from: string, to: string): Rule {
  const scope = { ...model, ...snippetsOf(model), spec: specOf(model), pascal };
  return mergeWith(
    apply(url(`./files/${from}`), [
      filter((path) => !path.includes('.problems.') || model.uniques.length > 0),
      applyTemplates(scope),
      move(to),
    ]),
  );
}

const wired =
  (model: Model): Rule =>
  (tree) => {
    listMigration(tree, model.migrationFile, model.migrationClass);
    listModule(tree, model.folder, `${model.Classes}Module`);
    listActions(tree, model.resource, actionsOf(model));
  };
