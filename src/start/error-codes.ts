import type { NestExpressApplication } from '@nestjs/platform-express';
import { problemCatalogue, type ProblemKind } from '../errors/index.js';

const HEAD = `# Error codes

Made from the code by \`npm run docs:errors\`; do not edit it by hand.

Every refusal is an \`application/problem+json\` (RFC 9457) whose \`code\` is one of these. A code is stable: it keeps its meaning, and is not used again for another. New ones come, so treat one that you do not know by its status ([how](partner/errors.md)). The \`type\` of a problem is \`https://ringfence.example/problems/<code>\`: a name, and the anchor of its line here. Each server tells its own at \`/problems/<code>\`.

Where a column names no operations, any operation may answer so that does such a thing. They are the \`operationId\`s of the [API document](../openapi.json).

| code | status | what happened | what to do | operations |
|---|---|---|---|---|
`;

/** docs/error-codes.md: every kind of problem that is declared by the modules which are loaded, once, by code. */
export const errorCodesDocument = (): string => `${HEAD}${problemCatalogue().map(row).join('\n')}\n`;

function row({ code, statuses, meaning, todo, operations, extras }: ProblemKind): string {
  const beside = [
    extras.retryAfterSeconds !== undefined && 'Retry-After is set.',
    extras.requiredAal && `\`requiredAal\` is \`${extras.requiredAal}\`.`,
  ].filter(Boolean);
  return `| ${[
    `<a id="${code}"></a>\`${code}\``,
    statuses.join(', '),
    [meaning, ...beside].join(' '),
    todo,
    [...operations]
      .sort()
      .map((id) => `\`${id}\``)
      .join(', '),
  ]
    .map((cell) => cell.replaceAll('|', '\\|'))
    .join(' | ')} |`;
}

/** `/problems/<code>`: what a server tells of its own codes, where the `type` of a problem leads by its path. */
export function serveErrorCodes(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  http.get('/problems/:code', (request, response, next) => {
    const kind = problemCatalogue().find(({ code }) => code === request.params.code);
    if (!kind) return next();
    const { code, statuses, meaning, todo, operations } = kind;
    response.json({ code, statuses, meaning, todo, operations });
  });
}
