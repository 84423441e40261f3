import { describe, expect, it } from '@jest/globals';
import { Deprecated, Limited } from '../../src/route/index.js';
import { openApiDocument } from '../../src/start/openapi/document.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { ProbeModule } from '../support/probe.module.js';
import { raised } from '../support/raise.js';

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [ProbeModule]);
const { owner } = db.world.a.users;

const GOING = { deprecation: '@1767225600', sunset: 'Fri, 01 Jan 2027 00:00:00 GMT' };
const LINK = '</docs/limits>; rel="deprecation"; type="text/html"';
const told = (headers: Headers): object => ({
  ...{ deprecation: headers.get('deprecation'), sunset: headers.get('sunset'), link: headers.get('link') },
});

describe('a deprecated route', () => {
  it('says so with every answer, beside the links of the answer itself', async () => {
    const { app } = held;
    const token = await app.token(owner.email);
    const refused = await app.call('GET', '/v1/probe/old', { token });
    expectProblem(refused, 403, 'aal2_required');
    expect(told(refused.headers)).toEqual({ ...GOING, link: LINK });
    const nobody = await app.call('GET', '/v1/probe/old');
    expectProblem(nobody, 401);
    expect(told(nobody.headers)).toEqual({ ...GOING, link: LINK });
    const { accessToken } = await raised(app, db, await app.tokens(owner.email));
    const answer = await app.call('GET', '/v1/probe/old', { token: accessToken });
    expect([answer.status, told(answer.headers)]).toEqual([
      200,
      { ...GOING, link: `${LINK}, </v1/probe/old?page=2>; rel="next"` },
    ]);
  });

  it('is the only one that does', async () => {
    const { headers } = await held.app.call('GET', '/v1/deals', { token: await held.app.token(owner.email) });
    expect([headers.get('deprecation'), headers.get('sunset')]).toEqual([null, null]);
  });

  it('is deprecated in the OpenAPI document', () => {
    const operation = openApiDocument(held.app.nest).paths['/v1/probe/old']?.get;
    expect(operation).toMatchObject({ deprecated: true, 'x-sunset': '2027-01-01' });
  });
});

describe('declarations that cannot be right', () => {
  const link = '/docs';
  it.each([
    ['a day that is none', { since: '2026-02-30', link }],
    ['a time', { since: '2026-01-01T00:00:00Z', link }],
    ['a sunset before it', { since: '2026-01-02', sunset: '2026-01-01', link }],
    ['a link to nowhere', { since: '2026-01-01', link: 'docs' }],
    ['a link that ends the header', { since: '2026-01-01', link: '/a>; rel="x"' }],
  ])('do not load: %s', (_, given) => {
    expect(() => Deprecated(given)).toThrow(/@Deprecated/);
  });

  it.each([0, -1, 1.5, NaN])('do not load: %d requests a minute', (perMinute) => {
    expect(() => Limited({ perMinute })).toThrow(/@Limited/);
  });
});
