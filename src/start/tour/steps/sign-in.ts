import type { Check, Step } from '../check.js';
import { type Answer, type Deal, type Guest, outcome } from '../guest.js';
import type { Visit } from '../visit.js';

/** Two people, two tenants. */
export function signIn(visit: Visit): Step {
  return {
    title: 'Sign in as two owners',
    why: 'Each token says which tenant it is for. Nobody sends a tenant id with a request.',
    async *run() {
      for (const guest of [visit.acme, visit.globex]) yield signedIn(guest, await guest.signIn());
    },
  };
}

/** A sign-in as a check: it has to end in the tenant that was named. */
export function signedIn(guest: Guest, answer: Answer): Check {
  const { tenant } = (answer.body ?? {}) as { tenant?: { slug: string; role: string } | null };
  return {
    did: [`POST /v1/auth/login {"email":"${guest.email}","password":"…","tenant":"${guest.tenant}"}`],
    expected: `200, signed in to ${guest.tenant}`,
    came: tenant ? `${outcome(answer)}, signed in to ${tenant.slug}` : outcome(answer),
    note: tenant ? `as its ${tenant.role}` : undefined,
  };
}

/** The same request, two answers. */
export function listDeals(visit: Visit): Step {
  return {
    title: 'Send the same request as each',
    why: 'The statement behind it names no tenant; the database adds it to every plan.',
    async *run() {
      visit.acmeDeals = await visit.acme.deals();
      yield listed(visit.acme, visit.acmeDeals);
      visit.globexDeals = await visit.globex.deals();
      yield listed(visit.globex, visit.globexDeals);
      const ids = new Set(visit.acmeDeals.map(({ id }) => id));
      yield {
        did: ['compare the ids of both lists, all pages'],
        expected: '0 in common',
        came: `${visit.globexDeals.filter(({ id }) => ids.has(id)).length} in common`,
        note: `${visit.acmeDeals.length} of acme, ${visit.globexDeals.length} of globex`,
      };
    },
  };
}

function listed(guest: Guest, deals: Deal[]): Check {
  const sample = deals.slice(0, 2).map(({ title }) => `“${title}”`);
  return {
    did: [`GET /v1/deals?limit=100   as ${guest.email}`],
    expected: '200 with deals',
    came: deals.length > 0 ? '200 with deals' : '200 without any',
    note: deals.length > 0 ? `${deals.length} deals: ${sample.join(', ')} …` : undefined,
  };
}
