import { randomUUID } from 'node:crypto';
import { RECIPES } from '../support/audited-operations.js';
import type { Ready } from '../support/recipe.js';
import type { Call } from '../support/call.js';
import { type Base, fill } from './cases.js';
import type { Stage } from './cast.js';
import { EXTRA, type Extra, type Performed } from './extra-bases.js';
import type { Operation } from './operations.js';
import { sample, sampleObject } from './values.js';

/** A valid request, and whose it is. */
export interface Prepared extends Base {
  /** of whoever it belongs to; undefined where it is public */
  token?: string;
  uses: number;
  /** it has been accepted already, so that what it is about may be gone */
  done: boolean;
}

/** After so many broken requests a valid one is made anew: what it needs may have expired, or been used up. */
const USES = 80;

/**
 * Valid requests: by the recipes of the operations that change something, by those of `extra-bases.ts`, and else by the
 * document, with the id of a record that a recipe of the same path has made, or that the list above it shows.
 */
export class Bases {
  private readonly ready = new Map<string, Prepared>();
  private readonly recipes: Readonly<Record<string, Extra>>;

  constructor(
    private readonly stage: Stage,
    private readonly operations: readonly Operation[],
    private readonly owner: () => Promise<string | undefined>,
  ) {
    this.recipes = { ...RECIPES, ...EXTRA };
  }

  /** @throws Error when a recipe does not work any more */
  async of(operation: Operation): Promise<Prepared> {
    const known = this.ready.get(operation.id);
    if (known && known.uses < USES) {
      known.uses += 1;
      return known;
    }
    this.stage.clock.reset();
    if (/\/auth\//.test(operation.path)) await this.stage.forgive();
    const made = await this.made(operation);
    this.ready.set(operation.id, made);
    return made;
  }

  /** What it was about may be gone. */
  spend({ id }: Operation): void {
    this.ready.delete(id);
  }

  private async made(operation: Operation): Promise<Prepared> {
    const recipe = this.recipes[operation.id];
    await this.stage.makeRoom();
    const parameters = operation.parameters.filter((one) => one.required);
    const of = (place: string): Record<string, string> =>
      Object.fromEntries(
        parameters.filter((one) => one.in === place).map(({ name, schema }) => [name, String(sample(schema))]),
      );
    const standard = { operation, path: {}, query: of('query'), headers: of('header'), uses: 0, done: false };
    if (recipe) {
      const { path = {}, query, call } = await recipe(this.stage, (id, ready) => this.perform(id, ready));
      const { token, headers, body }: Call = typeof call === 'function' ? await call() : call;
      return {
        ...standard,
        path,
        query: { ...standard.query, ...query },
        headers: { ...standard.headers, ...headers },
        ...(operation.body ? { body: (body as Record<string, unknown>) ?? {} } : {}),
        ...(token === undefined ? {} : { token }),
      };
    }
    const token = operation.access === 'public' ? undefined : await this.tokenFor(operation);
    const path = await this.pathOf(operation, token);
    const body = operation.body ? { body: sampleObject(operation.body) } : {};
    return { ...standard, path: path.values, ...body, token: path.token ?? token };
  }

  private async tokenFor({ access }: Operation): Promise<string | undefined> {
    if (access !== 'operator') return this.owner();
    return ((await RECIPES['suspendTenant']!(this.stage)) as { call: Call }).call.token;
  }

  /** Values for the parameters of a path: of a recipe with the same beginning, or of the first item of the list above. */
  private async pathOf(
    { path }: Operation,
    token: string | undefined,
  ): Promise<{ values: Record<string, string>; token?: string }> {
    if (!path.includes('{')) return { values: {} };
    const stem = path.slice(0, path.lastIndexOf('}') + 1);
    const near = this.operations.find(
      (one) => this.recipes[one.id] && (one.path === stem || one.path.startsWith(`${stem}/`)),
    );
    if (near) {
      const { path: values = {}, call } = await this.recipes[near.id]!(this.stage, (id, ready) =>
        this.perform(id, ready),
      );
      const own = typeof call === 'function' ? undefined : call.token;
      return { values, ...(own === undefined ? {} : { token: own }) };
    }
    const name = /\{(\w+)\}$/.exec(stem)?.[1] ?? 'id';
    const { body } = await this.stage.app.call(
      'GET',
      stem.replace(/\/\{\w+\}$/, ''),
      token === undefined ? {} : { token },
    );
    return { values: { [name]: body?.items?.[0]?.[name] ?? body?.items?.[0]?.id ?? randomUUID() } };
  }

  /** Makes the valid call of another operation. @returns what it answered */
  private async perform(id: string, given?: Ready): Promise<Performed> {
    const operation = this.operations.find((one) => one.id === id);
    const recipe = this.recipes[id];
    if (!operation || !recipe) throw new Error(`there is no recipe for ${id}`);
    const ready: Partial<Ready> & Pick<Ready, 'call'> =
      given ?? (await recipe(this.stage, (other, it) => this.perform(other, it)));
    const call = typeof ready.call === 'function' ? await ready.call() : ready.call;
    const answer = await this.stage.app.call(operation.method, fill(operation.path, ready.path ?? {}), call);
    if (answer.status >= 300) throw new Error(`${id}: ${answer.status} ${answer.text}`);
    return { ready, token: call.token, body: answer.body };
  }
}
