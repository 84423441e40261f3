import { type RawOutcome, type RawStatement, tryStatements } from '../../../database/raw-client.js';
import { capabilityOf } from '../../../modules/identity/index.js';
import type { Check, Step } from '../check.js';
import type { Visit } from '../visit.js';

/** A statement, and how it is shown when what it sends is a secret. */
interface Sent extends RawStatement {
  shown?: string;
}

const NO_ROWS = '0 rows';
const WHOSE = 'select tenant_id, count(*)::int as n from app.deals group by tenant_id';
const ALL: Sent = { text: WHOSE };

/** Past the application: its own connection, any SQL. */
export function askTheDatabase(visit: Visit): Step {
  return {
    title: "Inject SQL as the application's own role",
    why: 'As if every line of the application were wrong. Claims are only words here; rows need a live capability.',
    async *run() {
      const globexId = visit.tenantId('globex');
      const claims = setting('request.jwt.claims', JSON.stringify({ tenant_id: globexId }));
      const guessed = setting('app.cap', 'Z3Vlc3NlZC1jYXBhYmlsaXR5LW9mLWdsb2JleA');
      const own = setting('app.cap', capabilityOf(visit.acme.token), "SHA-256 of acme's own token");
      const ours = `${visit.acmeDeals.length} of acme, 0 of globex`;
      yield await rows(visit, [claims, ALL], NO_ROWS, 'claims that name globex are not believed');
      yield await rows(visit, [claims, guessed, ALL], NO_ROWS, 'nor is a guessed capability');
      yield await rows(
        visit,
        [claims, own, ALL],
        ours,
        "a live one opens its own tenant, whatever the claims say: acme's list again",
      );
      const aimed = WHOSE.replace('group by', `where tenant_id = '${globexId}' group by`);
      yield await rows(visit, [claims, own, { text: aimed }], NO_ROWS, 'asking for globex by name does not widen it');
    },
  };
}

/** What the same role tries next. Everything with acme's live capability, since that is the most it could hold. */
export function climbOut(visit: Visit): Step {
  return {
    title: 'Try to climb over the fence',
    why: 'The role owns nothing, is a member of nothing and reads no credentials. The server itself refuses.',
    async *run() {
      const globexId = visit.tenantId('globex');
      const own = setting('app.cap', capabilityOf(visit.acme.token), "SHA-256 of acme's own token");
      const insert = `insert into app.deals (tenant_id, title, amount, currency) values ('${globexId}', 'Planted', 1, 'EUR')`;
      yield await refused(visit, [{ text: 'set role ringfence_owner' }]);
      yield await refused(visit, [own, { text: 'set row_security = off' }, ALL]);
      yield await refused(visit, [{ text: 'alter table app.deals disable row level security' }]);
      yield await refused(visit, [{ text: 'select email, password_hash from auth.users' }]);
      yield await refused(visit, [own, { text: insert }]);
    },
  };
}

/** The settings of a request, as injected SQL would make them. @param name stands for a value that is a secret */
function setting(key: string, value: string, name?: string): Sent {
  const text = 'select set_config($1, $2, true)';
  return {
    text,
    values: [key, value],
    shown: `select set_config('${key}', ${name ? `<${name}>` : `'${value}'`}, true)`,
  };
}

const send = (visit: Visit, sent: Sent[]): Promise<RawOutcome> => tryStatements(visit.instance.connections.app, sent);

const shown = (sent: Sent[]): string[] => sent.map(({ text, shown: line }) => `${line ?? text};`);

async function rows(visit: Visit, sent: Sent[], expected: string, note: string): Promise<Check> {
  const outcome = await send(visit, sent);
  const came = 'refused' in outcome ? `refused: ${outcome.refused.message}` : whose(visit, outcome.rows);
  return { did: shown(sent), expected, came, note };
}

/** "26 of acme, 0 of globex": counts by tenant, in the tenants' names. */
function whose(visit: Visit, rows: Record<string, unknown>[]): string {
  if (rows.length === 0) return NO_ROWS;
  const counts = new Map(rows.map((row) => [String(row['tenant_id']), Number(row['n'])]));
  const known = visit.instance.demo.tenants.map(({ id, slug }) => `${counts.get(id) ?? 0} of ${slug}`);
  const strangers = rows.length - visit.instance.demo.tenants.filter(({ id }) => counts.has(id)).length;
  return [...known, ...(strangers > 0 ? [`and of ${strangers} further tenants`] : [])].join(', ');
}

/** 42501 is the server's "insufficient privilege"; it stands for row level security too. */
async function refused(visit: Visit, sent: Sent[]): Promise<Check> {
  const outcome = await send(visit, sent);
  const came = 'refused' in outcome ? `refused with ${outcome.refused.code}` : `allowed: ${outcome.rows.length} rows`;
  return {
    did: shown(sent),
    expected: 'refused with 42501',
    came,
    note: 'refused' in outcome ? outcome.refused.message : undefined,
  };
}
