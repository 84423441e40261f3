import type { CheckReport, JudgedFinding, Report } from '../../modules/doctor/index.js';
import { MEANING, outcomeOf, tally } from './outcome.js';

const STYLE = `
  :root { color-scheme: light; }
  body { font: 15px/1.5 system-ui, sans-serif; color: #1c1e21; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { margin: .25rem 0; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; } dt { color: #595f67; } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .4rem .5rem; border-top: 1px solid #d5d8dc; }
  code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; } ul { margin: .25rem 0; padding-left: 1.1rem; } .quiet { color: #595f67; }
  .tag { font-weight: 600; white-space: nowrap; } .pass { color: #14653a; } .ACCEPT { color: #0b5a78; } .FIX, .skipped { color: #7a4b00; } .BLOCK { color: #a3131f; }
  .PASS { color: #14653a; } .verdict { border: 2px solid; border-radius: .4rem; padding: .6rem 1rem; margin: 1rem 0; } .verdict strong { font-size: 1.2rem; }
  @media print { body { margin: 0; max-width: none; font-size: 10pt; } tr { break-inside: avoid; } thead { display: table-header-group; } }`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (raw: string): string => raw.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');

/** The report as one page for an auditor's file: no script, nothing loaded from elsewhere, and it prints. */
export function pageOf(report: Report): string {
  const { at, server, database, roles, verdict, checks } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Isolation of ${text(database)}, ${text(at.slice(0, 10))}: ${verdict}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Ringfence: is every tenant kept apart?</h1>
<dl>
<dt>Asked</dt><dd><time datetime="${text(at)}">${text(at)}</time></dd>
<dt>Database</dt><dd>${text(database)}, PostgreSQL ${text(server)}</dd>
<dt>As</dt><dd>${text(roles.join(', '))}</dd>
<dt>Checks</dt><dd>${checks.length}: ${text(tally(report))}</dd>
</dl>
<p class="verdict ${verdict}"><strong>${verdict}</strong><br>${text(MEANING[verdict])}</p>
<h2>What was found</h2>
${list(checks.filter(({ status }) => status === 'found' || status === 'skipped')) || '<p>Nothing.</p>'}
<h2>What is allowed, and why</h2>
${list(checks.filter(({ status }) => status === 'accepted')) || '<p>Nothing.</p>'}
<h2>What was looked for and not found</h2>
${list(checks.filter(({ status }) => status === 'pass')) || '<p>Nothing.</p>'}
</body>
</html>
`;
}

function list(checks: readonly CheckReport[]): string {
  if (checks.length === 0) return '';
  return `<table>
<thead><tr><th scope="col">Outcome</th><th scope="col">Check</th></tr></thead>
<tbody>
${checks.map(row).join('\n')}
</tbody>
</table>`;
}

function row(check: CheckReport): string {
  const outcome = outcomeOf(check);
  const { id, title, severity, why, mend, page, findings, skipped } = check;
  const found = findings.length > 0 ? `<ul>${findings.map(item).join('')}</ul>` : '';
  const unknown = skipped === undefined ? '' : `<p>It could not run: ${text(skipped)}</p>`;
  const advice = outcome === 'pass' ? '' : `<p class="quiet">To mend it: ${text(mend)}</p>`;
  return `<tr><td class="tag ${outcome}">${outcome}</td><td><strong>${text(title)}</strong> <span class="quiet"><code>${text(id)}</code>, ${severity} if found</span>
${found}${unknown}<p class="quiet">${text(why)}</p>${advice}<p class="quiet"><code>${text(page)}</code></p></td></tr>`;
}

const item = ({ object, detail, allowed }: JudgedFinding): string =>
  `<li><code>${text(object)}</code>: ${text(detail)}${
    allowed ? `<br>Allowed on ${text(allowed.date)}: ${text(allowed.reason)}` : ''
  }</li>`;
