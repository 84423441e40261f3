import { type RawOutcome, type RawStatement, tryStatements } from '../../../database/raw-client.js';
import { capabilityOf } from '../../../modules/identity/index.js';
import type { Check, Step } from '../check.js';
import type { Visit } from '../visit.js';

const WHOSE = 'select tenant_id, count(*)::int as n from app.deals group by tenant_id';

/** A statement, and how it is shown when what it sends is a secret. */
interface Sent extends RawStatement {
  shown?: string;
}

/** Past the application: its own connection, any SQL. */
export function askTheDatabase(visit: Visit): Step {
  return {
    title: "Inject SQL: the application's own role, claims forged",
    why: 'As if every line of the application were wrong. Claims are only words here; rows need a live capability.',
    async *run() {
      const { acmeDeals } = visit;
      const globexId = visit.tenantId('globex');
      const [claims, guessed, own] = [claimsOf(globexId), capability('Z3Vlc3NlZA', 'guessed'), ownCapability(visit)];
      const nobody = (came: RawOutcome): string => told(came, visit);
      const ours = `${acmeDeals.length} rows of acme, 0 of globex, 0 of others`;
      yield sql([claims, { text: WHOSE }], noRows, await send(visit, [claims, { text: WHOSE }]), nobody);
      yield sql([claims, guessed, { text: WHOSE }], noRows, await send(visit, [claims, guessed, { text: WHOSE }]), nobody);
      yield sql([claims, own, { text: WHOSE }], ours, await send(visit, [claims, own, { text: WHOSE }]), nobody);
      const aimed = [claims, own, { text: `${WHOSE.replace(' group', ` where tenant_id = '${globexId}' group`)}` }];
      yield sql(aimed, noRows, await send(visit, aimed), nobody);
    },
  };
}
