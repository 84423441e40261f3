import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Check, Step } from '../check.js';
import { type Answer, outcome, requestLine } from '../guest.js';
import type { Visit } from '../visit.js';

/** A known id of another tenant is worth no more than a made-up one. */
export function readOthers(visit: Visit): Step {
  return {
    title: "Read globex's deal as acme",
    why: 'What one may not see answers like what never existed, so that ids cannot be probed.',
    async *run() {
      const { acme, target } = visit;
      const madeUp = `/v1/deals/${randomUUID()}`;
      const never = await acme.call('GET', madeUp);
      yield {
        did: [requestLine(acme, 'GET', madeUp)],
        expected: '404 not_found',
        came: outcome(never),
        note: 'an id that never existed',
      };
      const path = `/v1/deals/${target.id}`;
      const others = await acme.call('GET', path);
      yield {
        did: [requestLine(acme, 'GET', path)],
        expected: '404 not_found, the same body as for the id that never existed',
        came: `${outcome(others)}, ${sameBody(never, others) ? 'the same' : 'another'} body as for the id that never existed`,
        note: `globex's “${target.title}”; traceId and instance aside`,
      };
    },
  };
}

/** Knowing its ETag does not help either. */
export function changeOthers(visit: Visit): Step {
  return {
    title: "Change and delete globex's deal as acme",
    why: 'Writing goes through the same fence, even with the ETag that only globex could know.',
    async *run() {
      const { acme, globex, target } = visit;
      const path = `/v1/deals/${target.id}`;
      const before = await globex.call('GET', path);
      const headers = { 'if-match': before.headers.get('etag') ?? '*' };
      const change = { title: 'Taken over' };
      yield refused(
        requestLine(acme, 'PATCH', path, change),
        await acme.call('PATCH', path, { body: change, headers }),
      );
      yield refused(requestLine(acme, 'DELETE', path), await acme.call('DELETE', path, { headers }));
      const after = await globex.call('GET', path);
      const untouched = isDeepStrictEqual(before.body, after.body);
      yield {
        did: [requestLine(globex, 'GET', path)],
        expected: '200, as it was before',
        came: `${outcome(after)}, ${untouched ? 'as it was before' : 'changed'}`,
        note: `ETag ${after.headers.get('etag') ?? 'missing'}`,
      };
    },
  };
}

const refused = (did: string, answer: Answer): Check => ({
  did: [did],
  expected: '404 not_found',
  came: outcome(answer),
});

/** Whether two problems differ only in what names the request itself. */
export function sameBody(one: Answer, other: Answer): boolean {
  const bare = ({ body }: Answer): unknown => ({ ...(body as object), traceId: '', instance: '' });
  return one.status === other.status && isDeepStrictEqual(bare(one), bare(other));
}
