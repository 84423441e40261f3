import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Config } from '../config/index.js';

/** The contract, from the decorators of the routes. */
export function openApiDocument(app: NestExpressApplication, config: Config): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ringfence')
    .setDescription(
      'Multi-tenant back office. Sign in with `POST /v1/auth/login`; on this page the token is then used by itself. ' +
        'Errors are application/problem+json with a stable `code`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(config.publicUrl)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken');
  return SwaggerModule.createDocument(app, builder.build());
}

/** `/openapi.json` and Swagger UI at `/docs`, its assets from our own node_modules. */
export function serveOpenApi(app: NestExpressApplication, config: Config): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, config), {
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
  if (response.ok && /\/v1\/auth\/(login|refresh|switch-tenant)$/.test(response.url)) {
    const { ui } = globalThis as unknown as { ui: { preauthorizeApiKey(scheme: string, token: string): void } };
    ui.preauthorizeApiKey('accessToken', (JSON.parse(response.text) as { accessToken: string }).accessToken);
  }
  return response;
}
