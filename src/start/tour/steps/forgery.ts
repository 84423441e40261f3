import type { Check, Step } from '../check.js';
import { type Answer, type Guest, outcome, type Problem, requestLine } from '../guest.js';
import type { Visit } from '../visit.js';

const DEAL = { title: 'Made by the tour', amount: '1.00', currency: 'EUR' };

/** Saying to be somebody else. */
export function forgeTenant(visit: Visit): Step {
  return {
    title: 'Claim to be globex',
    why: 'The tenant comes from a token that only the server can sign, never from a body, a header or a query.',
    async *run() {
      const { acme } = visit;
      const globexId = visit.tenantId('globex');
      yield {
        did: [`${requestLine(acme, 'GET', '/v1/deals')}, tenant_id in the token changed to globex's`],
        expected: '401 not_authenticated',
        came: outcome(await acme.call('GET', '/v1/deals', { token: withTenant(acme.token, globexId) })),
        note: 'header and signature left as they were',
      };
      const body = { ...DEAL, tenantId: globexId };
      yield namedTenant(requestLine(acme, 'POST', '/v1/deals', body), await created(acme, body));
    },
  };
}

/** Seeing is not doing. */
export function createAsViewer(visit: Visit, viewer: Guest): Step {
  return {
    title: 'Create a deal as a viewer',
    why: 'Inside one tenant the role decides; the refusal says which permission is missing.',
    async *run() {
      await viewer.signIn();
      visit.atEnd(() => viewer.signOut());
      const answer = await created(viewer, DEAL);
      const { missingPermission } = (answer.body ?? {}) as Problem;
      yield {
        did: [requestLine(viewer, 'POST', '/v1/deals', DEAL)],
        expected: '403 permission_missing, missingPermission deal:create',
        came: `${outcome(answer)}, missingPermission ${missingPermission ?? 'not said'}`,
      };
    },
  };
}

function namedTenant(did: string, answer: Answer): Check {
  const [error] = (answer.body as Problem | undefined)?.errors ?? [];
  return {
    did: [did],
    expected: '400 validation_failed, tenantId: unknown field',
    came: error ? `${outcome(answer)}, ${error.field}: ${error.message}` : outcome(answer),
  };
}

/** Tries to create; takes back what should not have come into being. */
async function created(guest: Guest, body: object): Promise<Answer> {
  const answer = await guest.call('POST', '/v1/deals', { body });
  const { id } = (answer.body ?? {}) as { id?: string };
  if (answer.status === 201 && id) await guest.call('DELETE', `/v1/deals/${id}`, { headers: { 'if-match': '*' } });
  return answer;
}

/** The same token with another tenant in its payload. */
export function withTenant(token: string, tenantId: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')) as object;
  const forged = Buffer.from(JSON.stringify({ ...claims, tenant_id: tenantId })).toString('base64url');
  return [header, forged, signature].join('.');
}
