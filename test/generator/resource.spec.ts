import { describe, expect, it } from '@jest/globals';
import type { Tree } from '@angular-devkit/schematics';
import { remove } from '../../schematics/remove/index.ts';
import { resource } from '../../schematics/resource/index.ts';
import type { ResourceOptions } from '../../schematics/resource/options.ts';
import { contentOf, run, treeOf } from './in-memory.js';

/* What the generator writes and takes back, in memory. That it compiles, and works, is test/long/generate.spec.ts's. */

const there = (): Tree => treeOf('deals', 'projects', 'tickets', 'ticket-comments');
const INVOICE: ResourceOptions = {
  name: 'invoice',
  fields: ['number:string:unique', 'total:money', 'status:enum(open|paid):filter', 'contact:email?'],
  belongsTo: 'deal',
  visibility: true,
  files: true,
  aal2Writes: true,
};
let invoices: Promise<Tree> | undefined;
/** What the options make; of the invoice it is made once. */
const generated = async (options: ResourceOptions = INVOICE, tree?: Tree): Promise<Tree> => {
  if (tree || options !== INVOICE) return run(resource(options), tree ?? there());
  invoices ??= run(resource(INVOICE), there());
  return (await invoices).branch();
};
const reason = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a resource', () => {
  it('is a module, a migration, a spec and a line in each list, and changes nothing else', async () => {
    const before = contentOf(there());
    const after = contentOf(await generated());
    const number = /"?(\d{4})-create-invoices/.exec(Object.keys(after).join())?.[1] ?? '';
    const file = (name: string): string => `/src/modules/invoices/${name}`;
    expect(Object.keys(after).filter((path) => before[path] !== after[path]).sort()).toEqual(
      [
        '/docs/audit-format.md',
        `/migrations/${number}-create-invoices.ts`,
        '/migrations/index.ts',
        ...['dto/requests.ts', 'dto/responses.ts', 'index.ts', 'invoice.entity.ts'].map(file),
        ...['actions', 'controller', 'module', 'permissions', 'problems', 'repository', 'resource', 'service'].map((part) => file(`invoices.${part}.ts`)),
        '/src/resource-modules.ts',
        '/test/resources/invoices.spec.ts',
      ].sort(),
    ); // prettier-ignore
    const written = Object.entries(after).filter(([path]) => !(path in before));
    expect(written.map(([, text]) => text).join()).not.toMatch(/<%|undefined|TODO|\[object/);
  });

  it('protects its table by the calls of the house', async () => {
    const tree = contentOf(await generated());
    const migration = Object.entries(tree).find(([path]) => path.endsWith('create-invoices.ts'))?.[1] ?? '';
    const calls = [...migration.matchAll(/call app\.(\w+)\((.*)\);/g)].map(([, name, given]) => `${name} ${given}`);
    expect(calls).toEqual([
      "protect_resource 'app.invoices', 'invoice', p_sensitive => true, p_fixed => '{deal_id}'",
      "follow_parent 'app.invoices', 'deal_id', 'app.deals'",
      "attach_files 'app.invoices'",
      "hide_statistics 'app.invoices', '{number}'",
      "audit_table 'app.invoices', 'invoice', p_personal => '{contact}', p_subject => 'id'",
      "detach_files 'app.invoices'",
      "forget_resource 'invoice'",
    ]);
    expect(migration.replace(/\s+/g, ' ')).toContain(
      'foreign key (tenant_id, deal_id) references app.deals (tenant_id, id) on delete cascade',
    );
    expect(migration).toMatch(/constraint invoices_number_key unique \(tenant_id, number\)/);
    expect(migration).toMatch(/\(tenant_id, deal_id, status, id desc\)/);
    expect(migration).toMatch(/\/\*\*\n \* Why: .{40}/);
    expect(migration.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  it('is shared, and has neither owner nor visibility, unless they are asked for', async () => {
    const tree = contentOf(await generated({ name: 'invoice', fields: ['total:money'] }));
    const all = Object.entries(tree).filter(([path]) => path.includes('invoices')).map(([, text]) => text).join(); // prettier-ignore
    expect(all).toContain("call app.protect_shared_resource('app.invoices', 'invoice')");
    expect(all).not.toMatch(/owner_id|isibilit|ransfer|RequireAal2|attach_files|problems/);
  });

  it('stands below its parent, whose name its path does not repeat', async () => {
    const controller = async (name: string, belongsTo: string): Promise<string> =>
      Object.entries(contentOf(await generated({ name, belongsTo, fields: ['title:string'] }))).find(([path]) => path.endsWith('.controller.ts') && path.includes(name.replace('_', '-')))?.[1] ?? ''; // prettier-ignore
    expect(await controller('ticket_label', 'ticket')).toContain("@Controller('v1/tickets/:ticketId/labels')");
    expect(await controller('invoice', 'deal')).toContain("@Controller('v1/deals/:dealId/invoices')");
    const loose = await controller('invoice', 'deal?');
    expect(loose).toContain("@Controller('v1/invoices')");
  });

  it('is spoken of as people would say it', async () => {
    const assets = await generated({ name: 'asset', fields: ['title:string'] });
    const fields = ['state:enum(open|done):filter', 'due_on:date:filter', 'cause:reference(ticket):filter', 'done:boolean:filter']; // prettier-ignore
    const tree = contentOf(await generated({ name: 'asset_check', belongsTo: 'asset', fields }, assets));
    const file = (name: string): string => tree[`/src/modules/asset-checks/${name}`] ?? '';
    expect(file('asset-checks.controller.ts')).toContain("summary: 'List the checks of an asset, newest first'");
    expect(file('asset-checks.resource.ts')).toContain("'Asset checks: each belongs to an asset,");
    const described = [...file('dto/requests.ts').matchAll(/'(Only .*)'/g)].map(([, text]) => text);
    expect(described).toEqual([
      'Only those with this state.',
      'Only those due on this day.',
      'Only those of this cause.',
      'Only those where done is true, or false.',
    ]);
  });

  it('is refused where a list is not found: what is in memory is not written', async () => {
    const tree = there();
    tree.overwrite('/src/resource-modules.ts', 'export const OTHER = [];\n');
    expect(await reason(generated(INVOICE, tree))).toContain('src/resource-modules.ts does not look as it did');
    expect(await reason(generated({ name: 'invoices', fields: ['a:string'] }))).toBe('Refusal: invoices is a plural: write invoice.'); // prettier-ignore
  });

  it('may be what `nest generate` has room for: a name and a path', async () => {
    const nest = { name: 'invoice', path: 'number:string,status:enum(open|paid)', flat: false, spec: true };
    const tree = contentOf(await generated(nest));
    expect(tree['/src/modules/invoices/invoice.entity.ts']).toContain("INVOICE_STATUSES = ['open', 'paid']");
  });
});

describe('taking a resource out', () => {
  const gone = async (name: string, released: boolean, tree: Tree): Promise<Tree> => run(remove({ name, released }), tree); // prettier-ignore

  it('leaves the tree as it was, where no commit has its migration', async () => {
    const before = contentOf(there());
    expect(contentOf(await gone('invoice', false, await generated()))).toEqual(before);
  });

  it('leaves a migration that drops its table, where databases may have run the one that made it', async () => {
    const before = contentOf(there());
    const after = contentOf(await gone('invoice', true, await generated()));
    const added = Object.keys(after).filter((path) => !(path in before));
    expect(added.map((path) => path.replace(/\d{4}/, '<n>'))).toEqual(['/migrations/<n>-create-invoices.ts', '/migrations/<n>-drop-invoices.ts']); // prettier-ignore
    const drop = after[added[1] ?? ''] ?? '';
    expect(drop).toMatch(/up\(q: QueryRunner\): Promise<void> {\n\s+return new CreateInvoices\d+\(\)\.down\(q\)/);
    expect(drop).toMatch(/Why: .{40}/);
    expect(after['/migrations/index.ts']).toMatch(/ {2}CreateInvoices\d+,\n {2}DropInvoices\d+,\n\];/);
    // and the name is free again
    const again = await gone('invoice', true, await generated());
    expect(await reason(generated(INVOICE, again))).toBe('');
    expect(await reason(gone('invoice', true, again))).toBe('');
  });

  it('is refused while something needs it, with its name', async () => {
    expect(await reason(gone('ticket', false, there()))).toBe('Refusal: ticket stays: ticket_comment refers to it. Remove that first.'); // prettier-ignore
    expect(await reason(gone('project', false, there()))).toContain('project stays: ticket refers to it');
    const used = await generated();
    used.create('/src/modules/other/other.service.ts', "import { Invoice } from '../invoices/index.js';\n");
    expect(await reason(gone('invoice', false, used))).toContain('src/modules/other/other.service.ts imports it');
    const altered = await generated();
    altered.create('/migrations/9998-change-invoices.ts', 'alter table app.invoices add column x text');
    expect(await reason(gone('invoice', false, altered))).toContain('migrations/9998-change-invoices.ts speaks of app.invoices, too'); // prettier-ignore
  });

  it('is refused for what was written by hand, or is not there', async () => {
    expect(await reason(gone('deal', false, there()))).toMatch(/deal (was not generated|stays)/);
    expect(await reason(gone('invoices', false, await generated()))).toContain('write invoice');
    expect(await reason(gone('nothing', false, there()))).toContain('there is no resource nothing');
  });
});
