import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const tty = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (tty ? `\u001b[${code}m${text}\u001b[0m` : text);

const share = ({ median, min, max }) => `${median.toFixed(2)}  (${min.toFixed(2)}..${max.toFixed(2)})`;
const verdict = (reached) => (reached ? 'reached' : 'short');

/** The table for a terminal or a pipe. `CPU us`: processor time of the server's process per request, where Linux tells it. */
export function table(rows) {
  const head = ['', 'req/s', 'p50 ms', 'p99 ms', 'CPU us', 'Ringfence / this', 'goal', ''];
  const lines = rows.map(({ label, rps, p50, p99, cpu, ratio, goal, reached }) => [
    label,
    rps.toFixed(0),
    p50.toFixed(1),
    p99.toFixed(1),
    Number.isFinite(cpu) ? cpu.toFixed(0) : '',
    ratio ? share(ratio) : '',
    ratio ? `>= ${goal.toFixed(2)}` : '',
    ratio ? verdict(reached) : '',
  ]);
  return columns(head, lines);
}

/** The second table: reads at their pace without and with the storm, and the storm itself. */
export function stormTable({ without, with: during, signIns, ratio, goal, reached }, label) {
  const head = ['', 'req/s', 'p50 ms', 'p95 ms', 'p99 ms', 'p95 with / without', 'goal', ''];
  const row = (name, { rps, p50, p95, p99 }, ...rest) => [
    name,
    rps.toFixed(0),
    ...[p50, p95, p99].map((ms) => ms.toFixed(1)),
    ...rest,
  ];
  return columns(head, [
    row('Reads at a fixed pace', without, '', '', ''),
    row(label, during, share(ratio), `<= ${goal.toFixed(2)}`, verdict(reached)),
    row('  the sign-ins', signIns, '', '', ''),
  ]);
}

function columns(head, lines) {
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => line[i].length)));
  const show = (line) =>
    line
      .map((cell, i) => (i === 0 || i === 7 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  const colour = (line) => show(line).replace(/(reached|short)$/, (word) => paint(word === 'reached' ? 32 : 33, word));
  return [paint(2, show(head)), ...lines.map(colour)].join('\n');
}

/** Bars of throughput with the ratio beside each. Plain SVG, no script, readable on light and dark. */
export function chart(rows, caption) {
  const most = Math.max(...rows.map(({ rps }) => rps));
  const bars = rows.map(({ key, label, rps, ratio }, i) => {
    const y = 56 + i * 54;
    const width = Math.round((rps / most) * 480);
    const note = ratio
      ? `${rps.toFixed(0)} req/s, Ringfence is ${ratio.median.toFixed(2)} of it`
      : `${rps.toFixed(0)} req/s`;
    return `  <text x="16" y="${y}" class="label">${escape(label)}</text>
  <rect x="16" y="${y + 7}" width="${width}" height="20" rx="3" fill="${key === 'ringfence' ? '#2f6fde' : '#9aa5b1'}"/>
  <text x="${width + 24}" y="${y + 22}" class="note">${escape(note)}</text>`;
  });
  const height = 56 + rows.length * 54 + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" width="760" height="${height}" role="img" aria-label="Throughput of a list of 20 deals">
  <style>text{font-family:system-ui,sans-serif;fill:#1f2933}.title{font-size:15px;font-weight:600}.label{font-size:13px}.note{font-size:12px;fill:#52606d}</style>
  <rect width="760" height="${height}" fill="#ffffff"/>
  <text x="16" y="26" class="title">${escape(caption)}</text>
${bars.join('\n')}
</svg>
`;
}

const escape = (text) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Writes latest.json and latest.svg, which git ignores: figures belong to the machine that made them. */
export async function writeResults(directory, result, svg) {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(directory, 'latest.svg'), svg);
}
