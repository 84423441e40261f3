import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_SCHEMA } from '../route/index.js';

/** The contract, from the decorators of the routes. */
export function openApiDocument(app: NestExpressApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ringfence')
    .setDescription(
      'Multi-tenant back office. Sign in with `POST /v1/auth/login`; on this page the token is then used by itself. ' +
        'Errors are application/problem+json with a stable `code`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'Where this document came from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken');
  return completed(SwaggerModule.createDocument(app, builder.build()));
}

/** What holds for every operation and is therefore said once: the problem's form, no sign-in where none is asked for. */
function completed(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components ??= {}).schemas ?? {};
  const operations = Object.values(document.paths).flatMap((path) => [
    path.get,
    path.post,
    path.put,
    path.patch,
    path.delete,
  ]);
  for (const operation of operations) {
    if (!operation) continue;
    operation.security ??= [];
    const body = operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : {};
    const schema = body['application/json']?.schema;
    const name = schema && '$ref' in schema ? schema.$ref.split('/').at(-1) : undefined;
    if (name && schemas[name]) Object.assign(schemas[name], { additionalProperties: false });
  }
  document.components.schemas = { ...schemas, Problem: PROBLEM_SCHEMA as (typeof schemas)[string] };
  return document;
}

/** `/openapi.json` and Swagger UI at `/docs`, its assets from our own node_modules. */
export function serveOpenApi(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Ringfence API',
    swaggerOptions: {
      persistAuthorization: false,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      responseInterceptor: rememberToken,
    },
  });
}

/** Runs in the browser: whoever signs in on the page is signed in on the page. */
function rememberToken(response: { url: string; ok: boolean; text: string }): unknown {
  if (response.ok && /\/v1\/auth\/(login|refresh|switch-tenant|.*\/(verify|login))$/.test(response.url)) {
    const { ui } = globalThis as unknown as { ui: { preauthorizeApiKey(scheme: string, token: string): void } };
    ui.preauthorizeApiKey('accessToken', (JSON.parse(response.text) as { accessToken: string }).accessToken);
  }
  if (response.ok && /\/v1\/auth\/logout$/.test(response.url)) {
    const { ui } = globalThis as unknown as { ui: { authActions: { logout(schemes: string[]): void } } };
    ui.authActions.logout(['accessToken']);
  }
  return response;
}
