import { describe, expect, it } from '@jest/globals';
import { parseField, parseFields } from '../../schematics/lib/fields.ts';
import { namesOf } from '../../schematics/lib/names.ts';
import { WorkingCopy } from '../../schematics/lib/working-copy.ts';
import { modelOf } from '../../schematics/resource/model-of.ts';
import type { ResourceOptions } from '../../schematics/resource/options.ts';
import { treeOf } from './in-memory.js';

/* What the generator does not take, and what it says to write instead. */

const said = (work: () => unknown): string => {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).name === 'Refusal' ? (error as Error).message : `thrown: ${(error as Error).stack}`;
  }
};

describe('a name', () => {
  it('has its plural, its file, its class and its words', () => {
    expect(namesOf('ticket_comment')).toEqual({
      resource: 'ticket_comment',
      table: 'ticket_comments',
      folder: 'ticket-comments',
      file: 'ticket-comment',
      Class: 'TicketComment',
      Classes: 'TicketComments',
      one: 'ticketComment',
      many: 'ticketComments',
      words: 'ticket comment',
      manyWords: 'ticket comments',
      aWords: 'a ticket comment',
    });
    expect(['company', 'status', 'person', 'box'].map((one) => namesOf(one).table)).toEqual(['companies', 'statuses', 'people', 'boxes']); // prettier-ignore
    expect(['invoice', 'hour', 'usage', 'unit', 'ticket'].map((one) => namesOf(one).aWords)).toEqual(['an invoice', 'an hour', 'a usage', 'a unit', 'a ticket']); // prettier-ignore
    expect(namesOf('staff', 'staff_entries').table).toBe('staff_entries');
  });

  it.each([
    ['invoices', 'invoices is a plural: write invoice.'],
    ['TicketComment', 'write ticket_comment.'],
    ['ticket-comment', 'write ticket_comment.'],
    ['ticketComments', 'write ticket_comment.'],
    ['ticket2', 'write ticket.'],
    ['2fa', 'no name of a resource'],
    ['', 'no name of a resource'],
    ['_x', 'write x.'],
    ['news', 'say one with --plural'],
    ['order', 'order is a reserved word: write what kind it is, such as sales_order.'],
    ['class', 'reserved word'],
    ['request', 'reserved word'],
    ['map', 'reserved word'],
    ['select', 'reserved word'],
    ['a_name_that_is_longer_than_anybody_types', 'longer than 32 letters'],
  ])('%s is refused', (name, instead) => {
    expect(said(() => namesOf(name))).toContain(instead);
  });

  it('has a plural of small letters', () => {
    expect(said(() => namesOf('staff', 'StaffEntries'))).toContain('--plural StaffEntries: write it in small letters');
  });
});

describe('a field', () => {
  it('is read with its type, its emptiness and its flags', () => {
    expect(parseField('due_on:date?:filter')).toMatchObject({ column: 'due_on', property: 'dueOn', type: 'date', optional: true, filter: true, unique: false }); // prettier-ignore
    expect(parseField('status:enum(open|in_work)')).toMatchObject({ type: 'enum', values: ['open', 'in_work'] });
    expect(parseField('customer:reference(deal)?')).toMatchObject({ column: 'customer_id', property: 'customerId', target: 'deal', optional: true }); // prettier-ignore
  });

  it.each([
    ['title', 'such as title:string'],
    ['title:', 'such as title:string'],
    ['title:sting', 'there is no type sting'],
    ['count:int', 'Write integer.'],
    ['price:decimal', 'Write money.'],
    ['at:datetime', 'Write timestamp.'],
    ['dueOn:date', 'write due_on.'],
    ['due-on:date', 'write due_on.'],
    ['id:string', 'every record has its id already'],
    ['owner:reference(deal)', 'every record has its owner_id already'],
    ['created_at:timestamp', 'every record has its created_at already'],
    ['limit:integer', 'every list has a parameter limit'],
    ['to_string:string', 'toString is in every object of JavaScript: say more, such as to_string_text.'],
    ['value_of:text', 'valueOf is in every object'],
    ['has_own_property:boolean', 'hasOwnProperty is in every object'],
    ['is_prototype_of:boolean', 'isPrototypeOf is in every object'],
    ['constructor:string', 'constructor is in every object'],
    ['order:integer', 'order is a reserved word of SQL'],
    ['user:string', 'user is a reserved word of SQL'],
    ['title:string:uniqe', 'there is no :uniqe'],
    ['title:string:unique:unique', 'twice'],
    ['title:string:filter?', 'there is no :filter?'],
    ['body:text:filter', 'text cannot be filtered by: it is too long for an index'],
    ['total:money:filter', 'not leakproof'],
    ['at:timestamp:filter', 'filter a date'],
    ['site:url:filter', 'filter a string'],
    ['paid:boolean:unique', 'boolean cannot be unique: there would be two records at most'],
    ['body:text:unique', 'use a string'],
    ['total:money:unique', 'cannot be unique'],
    ['status:enum(open|done):unique', 'cannot be unique'],
    ['status:enum', 'names two values or more'],
    ['status:enum(open)', 'names two values or more'],
    ['status:enum(open|open)', 'twice'],
    ["status:enum(open|it's)", 'names two values or more'],
    ['deal:reference', 'such as deal:reference(deal)'],
    ['deal_id:reference(deal)', 'write deal:reference'],
    ['deal:reference(deals)', 'write reference(deal).'],
    ['title:string(200)', 'takes no parentheses'],
    [`${'x'.repeat(41)}:string`, 'longer than 40'],
  ])('%s is refused', (field, instead) => {
    expect(said(() => parseField(field))).toContain(instead);
  });

  it('is there once, and money has its currency beside it', () => {
    expect(said(() => parseFields(['a:string', 'a:date']))).toContain('two fields a');
    expect(said(() => parseFields(['due_on:date', 'due_on:date']))).toContain('two fields due_on');
    expect(said(() => parseFields(['deal:reference(deal)', 'deal_id:string']))).toContain('two fields deal_id');
    expect(said(() => parseFields([]))).toContain('needs a field');
    const many = Array.from({ length: 61 }, (_, n) => `f${n}:string`);
    expect(said(() => parseFields(many))).toContain('61 fields: 60 is the most');
    expect(parseFields(many.slice(1))).toHaveLength(60);
    expect(parseFields(['total:money', 'net:money?', 'note:text']).map(({ name }) => name)).toEqual(['total', 'net', 'currency', 'note']); // prettier-ignore
    expect(parseFields(['total:money', 'currency:string']).map(({ type }) => type)).toEqual(['money', 'string']);
  });
});

describe('a resource beside those that are there', () => {
  const copy = new WorkingCopy(treeOf('deals', 'files', 'tickets', 'ticket-comments', 'projects', 'rbac'));
  const model = (options: ResourceOptions): string =>
    said(() => modelOf(copy, { fields: ['title:string'], ...options }));

  it.each<[ResourceOptions, string]>([
    [{ name: 'deal' }, 'There is a module src/modules/deals already'],
    [{ name: 'file' }, 'file is a reserved word'],
    [{ name: 'job' }, 'There is a table app.jobs already (0028-create-jobs.ts)'],
    [{ name: 'profile' }, 'There is a table app.profiles already'],
    [{ name: 'permission', plural: 'permission_entries' }, ''],
    [{ name: 'role', plural: 'role_entries' }, 'There are permissions or audit actions of role already'],
    [{ name: 'invoice', fields: ['deal:reference(order)'] }, 'there is no resource order. There are deal, '],
    [{ name: 'invoice', belongsTo: 'deals' }, '--belongs-to: deals is a plural: write deal.'],
    [{ name: 'invoice', belongsTo: 'nothing' }, 'there is no resource nothing'],
    [{ name: 'invoice', belongsTo: 'invoice' }, 'cannot belong to itself'],
    [{ name: 'invoice', belongsTo: 'ticket_comment' }, 'two deep at most'],
    [{ name: 'invoice', belongsTo: 'deal', fields: ['deal:reference(deal)'] }, '--belongs-to brings deal_id already'],
    [{ name: 'invoice', belongsTo: 'deal?', fields: ['a:string', 'deal:reference(deal)'] }, 'two fields deal_id'],
    [{ name: 'invoice', fields: ['invoice:string'] }, 'such as invoice_name'],
    [
      { name: 'invoice', fields: ['status:enum(a|b)', 'statuses:enum(c|d)'] },
      'status and statuses would both be INVOICE_STATUSES',
    ],
    [
      { name: 'a_name_of_thirty_two_letters_xyz', fields: [`${'x'.repeat(30)}:string:filter`] },
      'letters, and 60 is the most',
    ],
    [{ name: 'invoice', path: 'number:string,status:enum(open|paid)' }, ''],
  ])('%j: %s', (options, instead) => {
    const message = model(options);
    expect(instead === '' ? message : message.includes(instead) || message).toBe(instead === '' ? '' : true);
  });
});
