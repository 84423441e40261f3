import { CONSULTANT } from '../../demo/cast.js';
import type { Check, Step } from '../check.js';
import { Guest, outcome, requestLine } from '../guest.js';
import { Membership } from '../membership.js';
import type { Visit } from '../visit.js';
import { signedIn } from './sign-in.js';

const LIST = '/v1/deals?limit=1';

/** A token proves who signed it, not that it is still meant. */
export function revoke(visit: Visit): Step {
  return {
    title: 'Remove somebody who is signed in',
    why: 'Whether a token still counts is asked on every request, so that nobody waits for it to expire.',
    async *run() {
      const guest = consultant(visit);
      const membership = new Membership(visit.instance.connections.service, visit.tenantId('globex'), guest.email);
      visit.atEnd(() => guest.signOut());
      visit.atEnd(() => membership.restore()); // an interrupted tour gives it back as well
      await membership.ensure(CONSULTANT.roles['globex'] ?? 'viewer', CONSULTANT.fullName);
      yield signedIn(guest, await guest.signIn());
      try {
        yield* removed(guest, membership);
      } finally {
        await membership.restore();
      }
      yield {
        ...signedIn(guest, await guest.signIn()),
        note: 'the membership is given back; only a new sign-in counts',
      };
    },
  };
}

async function* removed(guest: Guest, membership: Membership): AsyncGenerator<Check> {
  const expected = '200';
  yield { did: [requestLine(guest, 'GET', LIST)], expected, came: outcome(await guest.call('GET', LIST)) };
  const rows = await membership.remove();
  yield {
    did: [
      `delete from app.memberships where (tenant_id, user_id) = (<globex>, <${guest.email}>);   as ringfence_service`,
    ],
    expected: '1 row gone',
    came: `${rows} row gone`,
    note: 'no request, no message to the server: another process changed one row',
  };
  yield {
    did: [`${requestLine(guest, 'GET', LIST)}, the same token`],
    expected: '401 session_ended',
    came: outcome(await guest.call('GET', LIST)),
    note: `the token itself would have lived ${timeLeft(guest.token)}`,
  };
}

function consultant({ instance: { demo } }: Visit): Guest {
  const person = demo.shared.find(({ email }) => email === CONSULTANT.email);
  if (!person) throw new Error(`demo.json does not know ${CONSULTANT.email}`);
  return new Guest(demo.baseUrl, person.email, person.password, 'globex');
}

/** How long a token has left by its own `exp`: "9 min 58 s". */
export function timeLeft(token: string, now = Date.now()): string {
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number };
  const seconds = Math.max(0, Math.floor(exp - now / 1000));
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s more`;
}
