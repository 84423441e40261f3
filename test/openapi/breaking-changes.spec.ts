import { describe, expect, it } from '@jest/globals';
import { breakingChanges, type Contract } from '../../scripts/openapi/breaking-changes.js';

/** A small contract with one of everything. A test plants one change in a copy of it. */
const contract = (): any => ({
  paths: {
    '/deals': {
      get: {
        operationId: 'listDeals',
        security: [{ accessToken: [] }, { apiKey: [] }],
        'x-permission': 'deal:read',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
          { name: 'stage', in: 'query', schema: { type: 'string', enum: ['lead', 'won'] } },
        ],
        responses: {
          200: {
            headers: { ETag: { $ref: '#/components/headers/ETag' }, Link: { schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/DealPage' } } },
          },
          404: { $ref: '#/components/responses/NotFound' },
        },
      },
      post: {
        operationId: 'createDeal',
        security: [{ accessToken: [] }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/CreateDeal' } } },
        },
        responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Deal' } } } } },
      },
    },
    '/deals/{id}': {
      get: {
        operationId: 'getDeal',
        security: [],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        responses: { 204: {} },
      },
    },
  },
  components: {
    headers: { ETag: { required: true, schema: { type: 'string' } } },
    responses: {
      NotFound: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    schemas: {
      Problem: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
      DealPage: {
        type: 'object',
        required: ['items', 'nextCursor'],
        properties: {
          items: { type: 'array', items: { $ref: '#/components/schemas/Deal' } },
          nextCursor: { type: ['string', 'null'] },
        },
      },
      Deal: {
        type: 'object',
        required: ['id', 'stage', 'amount'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          stage: { type: 'string', enum: ['lead', 'won'] },
          amount: { type: 'integer' },
          note: { type: 'string' },
          owner: { $ref: '#/components/schemas/Owner' },
          related: { type: 'array', items: { $ref: '#/components/schemas/Deal' } },
        },
      },
      Owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      CreateDeal: {
        type: 'object',
        additionalProperties: false,
        required: ['title'],
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 200 },
          stage: { type: 'string', enum: ['lead', 'won'], default: 'lead' },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 5 },
          note: { type: ['string', 'null'] },
          code: { type: 'string', pattern: '^[a-z]+$' },
          settings: { $ref: '#/components/schemas/Settings' },
        },
      },
      Settings: { type: 'object', properties: { strict: { type: 'boolean' } } },
    },
  },
});

type Change = (contract: any) => void;

const found = (change: Change): string[] => {
  const after = contract();
  change(after);
  return breakingChanges(contract() as Contract, after as Contract);
};

const schemas = (c: any): any => c.components.schemas;
const list = (c: any): any => c.paths['/deals'].get;
const LIST = 'GET /deals: ';
const MADE = 'POST /deals: in its 201, ';
const BODY = 'POST /deals: in its body, ';

const BREAKS: [what: string, change: Change, ...said: string[]][] = [
  ['a removed path', (c) => delete c.paths['/deals/{id}'], 'GET /deals/{id} is gone'],
  ['a removed operation', (c) => delete c.paths['/deals'].post, 'POST /deals is gone'],
  ['a renamed operation', (c) => (list(c).operationId = 'deals'), `${LIST}its operationId is deals now, and was listDeals`],
  ['a removed status', (c) => delete list(c).responses[404], `${LIST}the status 404 is gone`],
  ['a new kind of success', (c) => (list(c).responses[202] = {}), `${LIST}it may answer 202 now, which clients do not know`],
  ['a removed response property', (c) => delete schemas(c).Deal.properties.id, `${LIST}in its 200, items[].id is gone`, `${MADE}id is gone`],
  ['a removed optional response property', (c) => delete schemas(c).Deal.properties.note, `${LIST}in its 200, items[].note is gone`, `${MADE}note is gone`],
  ['a renamed one', (c) => { schemas(c).Owner.properties.fullName = schemas(c).Owner.properties.name; delete schemas(c).Owner.properties.name; }, `${LIST}in its 200, items[].owner.name is gone`, `${MADE}owner.name is gone`],
  ['one of a problem', (c) => delete schemas(c).Problem.properties.code, `${LIST}in its 404, code is gone`],
  ['a response property that may be missing', (c) => (schemas(c).DealPage.required = ['items']), `${LIST}in its 200, nextCursor may be missing now`],
  ['one that may be null', (c) => (schemas(c).DealPage.properties.items.type = ['array', 'null']), `${LIST}in its 200, items may be null now`],
  ['a reference that may be null', (c) => (schemas(c).Deal.properties.owner = { anyOf: [{ $ref: '#/components/schemas/Owner' }, { type: 'null' }] }), `${LIST}in its 200, items[].owner may be null now`, `${MADE}owner may be null now`],
  ['another type', (c) => (schemas(c).Deal.properties.amount.type = 'string'), `${LIST}in its 200, items[].amount is of type string now, and was integer`, `${MADE}amount is of type string now, and was integer`],
  ['a wider type', (c) => (schemas(c).Deal.properties.amount.type = 'number'), `${LIST}in its 200, items[].amount is of type number now, and was integer`, `${MADE}amount is of type number now, and was integer`],
  ['another format', (c) => (schemas(c).Deal.properties.id.format = 'uri'), `${LIST}in its 200, items[].id has the format uri now, and had uuid`, `${MADE}id has the format uri now, and had uuid`],
  ['a new value of a response', (c) => schemas(c).Deal.properties.stage.enum.push('lost'), `${LIST}in its 200, items[].stage may be "lost" now, which clients do not know`, `${MADE}stage may be "lost" now, which clients do not know`],
  ['a value of any kind', (c) => delete schemas(c).Deal.properties.stage.enum, `${LIST}in its 200, items[].stage may be anything now, and was one of "lead", "won"`, `${MADE}stage may be anything now, and was one of "lead", "won"`],
  ['another media type', (c) => { const { content } = list(c).responses[200]; content['text/csv'] = content['application/json']; delete content['application/json']; }, `${LIST}in its 200, there is no application/json any more`],
  ['a body where there was none', (c) => (c.paths['/deals/{id}'].get.responses[204].content = { 'text/plain': {} }), 'GET /deals/{id}: in its 204, there is a body now'],
  ['a removed response header', (c) => delete list(c).responses[200].headers.Link, `${LIST}in its 200, the header Link is gone`],
  ['one that may be missing', (c) => (c.components.headers.ETag.required = false), `${LIST}in its 200, the header ETag may be missing now`],
  ['a new required parameter', (c) => list(c).parameters.push({ name: 'x', in: 'query', required: true, schema: {} }), `${LIST}the query parameter x is new and required`],
  ['a new required header', (c) => list(c).parameters.push({ name: 'If-Match', in: 'header', required: true, schema: {} }), `${LIST}the header parameter If-Match is new and required`],
  ['a parameter that is required now', (c) => (list(c).parameters[0].required = true), `${LIST}the query parameter limit is required now`],
  ['a removed parameter', (c) => list(c).parameters.pop(), `${LIST}the query parameter stage is not taken any more`],
  ['a lower bound of a parameter', (c) => (list(c).parameters[0].schema.maximum = 50), `${LIST}the query parameter limit has the maximum 50 now, and had 100`],
  ['another default', (c) => (list(c).parameters[0].schema.default = 10), `${LIST}the query parameter limit is 10 now where it is left out, and was 20`],
  ['a removed request value', (c) => schemas(c).CreateDeal.properties.stage.enum.pop(), `${BODY}stage does not take "won" any more`],
  ['a choice where anything went', (c) => (schemas(c).CreateDeal.properties.title.enum = ['x']), `${BODY}title takes only "x" now`],
  ['a new required request property', (c) => { schemas(c).CreateDeal.properties.x = {}; schemas(c).CreateDeal.required.push('x'); }, `${BODY}x is new and required`],
  ['one within', (c) => (schemas(c).Settings.required = ['strict']), `${BODY}settings.strict is required now`],
  ['a removed request property', (c) => delete schemas(c).CreateDeal.properties.tags, `${BODY}tags is not taken any more`],
  ['less text', (c) => (schemas(c).CreateDeal.properties.title.maxLength = 100), `${BODY}title has the maxLength 100 now, and had 200`],
  ['more text', (c) => (schemas(c).CreateDeal.properties.title.minLength = 2), `${BODY}title has the minLength 2 now, and had 1`],
  ['a bound where there was none', (c) => (schemas(c).CreateDeal.properties.tags.minItems = 1), `${BODY}tags has the minItems 1 now, and had none`],
  ['another pattern', (c) => (schemas(c).CreateDeal.properties.code.pattern = '^[a-f]+$'), `${BODY}code must match another pattern now: ^[a-f]+$`],
  ['a format where there was none', (c) => (schemas(c).CreateDeal.properties.title.format = 'uuid'), `${BODY}title has the format uuid now, and had none`],
  ['elements that may not repeat', (c) => (schemas(c).CreateDeal.properties.tags.uniqueItems = true), `${BODY}tags must not repeat elements now`],
  ['elements of another type', (c) => (schemas(c).CreateDeal.properties.tags.items.type = 'integer'), `${BODY}tags[] is of type integer now, and was string`],
  ['null that is refused', (c) => (schemas(c).CreateDeal.properties.note.type = 'string'), `${BODY}note may not be null any more`],
  ['a removed way to authenticate', (c) => list(c).security.pop(), `${LIST}it does not take the security scheme apiKey any more`],
  ['authentication where there was none', (c) => (c.paths['/deals/{id}'].get.security = [{ accessToken: [] }]), 'GET /deals/{id}: it needs authentication now'],
  ['another permission', (c) => (list(c)['x-permission'] = 'deal:list'), `${LIST}it needs the permission deal:list now`],
  ['a second factor', (c) => (list(c)['x-aal'] = 'aal2'), `${LIST}it needs AAL2 now`],
  ['a fresher one', (c) => (list(c)['x-aal-max-age'] = 60), `${LIST}its second factor may be 60 seconds old now, and might be of any age`],
]; // prettier-ignore

const HARMLESS: [what: string, change: Change][] = [
  ['nothing', () => undefined],
  ['a new path', (c) => (c.paths['/new'] = { get: { operationId: 'x', responses: { 200: {} } } })],
  ['another name of a path parameter', (c) => { c.paths['/deals/{dealId}'] = c.paths['/deals/{id}']; delete c.paths['/deals/{id}']; c.paths['/deals/{dealId}'].get.parameters[0].name = 'dealId'; }],
  ['a new response property', (c) => (schemas(c).Deal.properties.extra = { type: 'string' })],
  ['one that is always there now', (c) => schemas(c).Deal.required.push('note')],
  ['fewer values of a response', (c) => schemas(c).Deal.properties.stage.enum.pop()],
  ['a response that is never null', (c) => (schemas(c).DealPage.properties.nextCursor.type = 'string')],
  ['a new optional request property', (c) => (schemas(c).CreateDeal.properties.extra = { type: 'string' })],
  ['a request property that may be left out', (c) => (schemas(c).CreateDeal.required = [])],
  ['a new value of a request', (c) => schemas(c).CreateDeal.properties.stage.enum.push('lost')],
  ['a request that may be null', (c) => (schemas(c).CreateDeal.properties.title.type = ['string', 'null'])],
  ['a wider bound', (c) => (schemas(c).CreateDeal.properties.title.maxLength = 300)],
  ['a new optional parameter', (c) => list(c).parameters.push({ name: 'q', in: 'query', schema: {} })],
  ['a new refusal', (c) => (list(c).responses[429] = { $ref: '#/components/responses/NotFound' })],
  ['a further way to authenticate', (c) => c.paths['/deals'].post.security.push({ apiKey: [] })],
  ['no permission needed', (c) => delete list(c)['x-permission']],
  ['a schema of another name', (c) => { schemas(c).Person = schemas(c).Owner; schemas(c).Deal.properties.owner.$ref = '#/components/schemas/Person'; }],
  ['words', (c) => (list(c).description = 'other')],
]; // prettier-ignore

describe('the check for breaking changes', () => {
  it.each(BREAKS)('names %s', (_, change, ...said) => {
    expect(found(change)).toEqual(said);
  });

  it.each(HARMLESS)('lets %s pass', (_, change) => {
    expect(found(change)).toEqual([]);
  });
});
