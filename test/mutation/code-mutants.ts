import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';
import type { Mutant } from './mutant.js';

/** Where a refusal is decided: guards, pipes, services, and what a route demands. */
const WHERE = [
  'src/pipeline/**/*.ts',
  'src/route/**/*.ts',
  'src/database/tenant-transaction/*.ts',
  'src/modules/**/*.ts',
];

/** What a route demands, and the least that lets it boot. */
const WEAKER: Readonly<Record<string, string>> = {
  RequirePermission: '@MemberOnly()',
  OperatorOnly: '@SessionOnly()',
  RequireAal2: '',
  RequiresIfMatch: '',
  Limited: '',
};

/** Each refusal that depends on a condition never happens; each demand of a route is weaker. */
export function codeMutants(): Mutant[] {
  const files = globSync(WHERE).filter((file) => !file.endsWith('.spec.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: Mutant[] = [];
    const visit = (node: ts.Node): void => {
      const change = refusal(node) ?? demand(node);
      if (change) found.push(mutantOf(file, source, change));
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

interface Change {
  kind: 'refusal' | 'demand';
  node: ts.Node;
  by: string;
  /** what is shown of it */
  shown: string;
}

function refusal(node: ts.Node): Change | undefined {
  if (!ts.isIfStatement(node)) return undefined;
  const [only] = ts.isBlock(node.thenStatement) ? node.thenStatement.statements : [node.thenStatement];
  if (!only || !ts.isThrowStatement(only) || !isRefusal(only.expression)) return undefined;
  const shown = `if (${node.expression.getText()}) ${only.getText()}`;
  return { kind: 'refusal', node: node.expression, by: '(false as boolean)', shown };
}

/** What came from elsewhere and is thrown on refuses nobody, and a plain Error is for who calls it wrongly in code. */
function isRefusal(thrown: ts.Expression): boolean {
  if (ts.isIdentifier(thrown) || ts.isPropertyAccessExpression(thrown)) return false;
  return !(ts.isNewExpression(thrown) && /^(Error|RangeError|TypeError)$/.test(thrown.expression.getText()));
}

function demand(node: ts.Node): Change | undefined {
  if (!ts.isDecorator(node) || !ts.isCallExpression(node.expression)) return undefined;
  const name = node.expression.expression.getText();
  const by = WEAKER[name];
  if (by === undefined) return undefined;
  const method = (node.parent as ts.MethodDeclaration).name?.getText() ?? '';
  return { kind: 'demand', node, by, shown: `${method}: ${node.getText()}` };
}

function mutantOf(file: string, source: ts.SourceFile, { kind, node, by, shown }: Change): Mutant {
  const short = shown.replace(/\s+/g, ' ').slice(0, 110);
  const [folder = ''] = /modules\/([\w-]+)/.exec(file)?.slice(1) ?? [];
  const change = { file, from: node.getStart(source), to: node.getEnd(), by };
  const condition = node.getText();
  const watched = (number: number): string => `((${condition}) && wasReached(${number}))`;
  return {
    id: `${kind}: ${file}: ${short}`,
    kind,
    about: [basename(file).split('.')[0] ?? '', folder].filter(Boolean),
    change,
    ...(kind === 'refusal' ? { watch: { in: 'code', change: (number) => ({ ...change, by: watched(number) }) } } : {}),
  };
}
