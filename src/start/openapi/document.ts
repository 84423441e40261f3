import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_SCHEMA } from '../../route/index.js';
import { notesOf } from './notes.js';
import { answersOf } from './answers.js';
import { HEADERS } from './headers.js';
import { pipelineParameters } from './pipeline-parameters.js';
import { problemComponents } from './problem-answers.js';
import { withExample } from './request-examples.js';
import { inForm } from './schema-form.js';
import { rankOf, tags } from './tags.js';
import { type Operation, operationsOf, type Parameter, type Place, type Schema } from './types.js';
import { withUsedOnly } from './used.js';

const DESCRIPTION = `
Multi-tenant back office. A person signs in with \`POST /v1/auth/login\`; a program sends an API key. Either goes into
\`Authorization: Bearer ...\`. Each operation says who may call it.

Errors are \`application/problem+json\` with a stable \`code\`. Unknown fields and parameters are refused (400). Lists come in
pages: \`?limit=\` and \`?cursor=\`, \`nextCursor\` in the answer and a \`Link\` header. Fields, operations and codes may be added
at any time; what is there stays, or says beforehand that it goes (\`Deprecation\`, \`Sunset\`).
`.trim();

const ACCESS_TOKEN = 'The `accessToken` of a sign-in: ten minutes; POST /v1/auth/refresh gives the next one.';
const API_KEY = 'A key of the tenant: `rf_<env>_<id>_<secret>`. It acts within the rights of whoever answers for it.';

/** The contract: OpenAPI 3.1, from the decorators of the routes and from what the way of a request does for all. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ringfence')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'Where this document came from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: ACCESS_TOKEN }, 'accessToken')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'rf_...', description: API_KEY }, 'apiKey');
  for (const [name, description] of tags()) builder.addTag(name, description);
  return completed(SwaggerModule.createDocument(app, builder.build()));
}

/** What holds for every operation and is therefore said once. */
function completed(document: OpenAPIObject): OpenAPIObject {
  const { contact: _none, ...info } = document.info;
  const places = operationsOf(document);
  const found = { ...document.components?.schemas, Problem: PROBLEM_SCHEMA } as unknown as Record<string, Schema>;
  const schemas = Object.fromEntries(
    Object.entries(found)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, schema]) => [name, inForm(schema)]),
  );
  for (const place of places) complete(place, schemas);
  const used = new Set(places.flatMap(({ operation }) => operation.tags ?? []));
  return withUsedOnly({
    openapi: document.openapi,
    info,
    servers: document.servers ?? [],
    tags: (document.tags ?? []).filter(({ name }) => used.has(name)),
    paths: inReadingOrder(document.paths, places),
    components: {
      ...document.components,
      schemas: schemas as never,
      responses: problemComponents() as never,
      headers: HEADERS,
    },
  });
}

function complete(place: Place, schemas: Record<string, Schema>): void {
  const { operation } = place;
  operation.security ??= [];
  if (operation['x-deprecated-since'] !== undefined) operation.deprecated = true;
  operation.description = [operation.description, ...notesOf(operation)].filter(Boolean).join('\n\n');
  operation.parameters = [...(operation.parameters ?? []).map(parameterInForm), ...pipelineParameters(place)];
  for (const answer of Object.values(operation.responses)) formContent(answer.content);
  completeBody(operation, schemas);
  operation.responses = answersOf(place, schemas);
  delete operation['x-answer-headers'];
}

const parameterInForm = ({ schema, ...rest }: Parameter): Parameter => ({
  ...rest,
  ...(schema ? { schema: inForm(schema) } : {}),
});

/** A body is what its class declares, and nothing beside: the pipe refuses it. */
function completeBody({ requestBody }: Operation, schemas: Record<string, Schema>): void {
  if (!requestBody) return;
  formContent(requestBody.content);
  for (const [type, media] of Object.entries(requestBody.content)) {
    for (const name of namesWithin(media.schema ?? {}, schemas)) {
      const schema = schemas[name];
      if (schema?.properties) schema.additionalProperties ??= false;
    }
    requestBody.content[type] = withExample(media, schemas);
  }
}

function formContent(content: Record<string, { schema?: Schema }> = {}): void {
  for (const media of Object.values(content)) if (media.schema) media.schema = inForm(media.schema);
}

/** The names of the schemas that a schema leads to. */
function namesWithin(schema: Schema, schemas: Record<string, Schema>, found = new Set<string>()): Set<string> {
  const name = schema.$ref?.split('/').at(-1);
  if (name && !found.has(name)) {
    found.add(name);
    namesWithin(schemas[name] ?? {}, schemas, found);
  }
  const inner = [schema.items, ...Object.values(schema.properties ?? {})];
  for (const next of [...inner, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    if (next) namesWithin(next, schemas, found);
  }
  return found;
}

/** By chapters; within one as the controllers have them. */
function inReadingOrder(paths: OpenAPIObject['paths'], places: Place[]): OpenAPIObject['paths'] {
  const rank = (path: string): number =>
    Math.min(
      ...places.filter((place) => place.path === path).map(({ operation }) => rankOf(operation.tags?.[0])),
      tags().length,
    );
  const sorted = Object.keys(paths).sort((one, other) => rank(one) - rank(other));
  return Object.fromEntries(sorted.map((path) => [path, paths[path] ?? {}]));
}
