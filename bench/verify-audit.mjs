/**
 * `node bench/verify-audit.mjs [rows]`: how fast an export is verified offline, and that memory does not grow with it.
 * Writes a synthetic export of a million rows (entries of about 500 bytes, a checkpoint every thousand rows) to a
 * temporary folder and runs the verifier on it in a process of its own, once for a tenth of the rows and once for all;
 * then the same with the opening of an address beside every row. Two to three minutes, 2 GB of disk.
 */
import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const ROWS_A_CHECKPOINT = 1000;
const TENANT = '01a2b3c4-0000-7000-8000-000000000001';
const NAME = 'bench.example';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const publicBytes = Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url')]);
const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const keyHash = digest(`${NAME}\n`, publicBytes).subarray(0, 4);
const verifierKey = `${NAME}+${keyHash.toString('hex')}+${publicBytes.toString('base64')}`;

const uuid = (number) => `01a2b3c4-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const entryOf = (seq, personal) =>
  `{"action":"deal.updated","actorId":"${uuid(7)}","actorType":"user","at":"2026-11-21T16:00:00.${String(seq % 1_000_000).padStart(6, '0')}Z",` +
  `"changes":[],"code":null,"count":1,"details":{"name":"N° ${seq % 100}"},"id":"${uuid(seq)}","outcome":"success","personal":"${personal}",` +
  `"requestId":"${uuid(seq + 1)}","seq":${seq},"sessionId":"${uuid(8)}","targetId":"${uuid(9)}","targetType":"deal","tenantId":"${TENANT}","v":1}`;

/** Full subtrees, largest first: the pace of the writer is not what is measured. */
function tree() {
  const full = [];
  const node = (left, right) => digest(Buffer.from([1]), left, right);
  const add = (leaf, size) => {
    let hash = leaf;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = node(full.pop(), hash);
    full.push(hash);
  };
  return { add, root: () => full.reduceRight((right, left) => node(left, right)) };
}

function noteOf(size, root) {
  const body = `${NAME}/audit/${TENANT}\n${size}\n${root.toString('base64')}\nat 2026-11-21T16:00:00.000000Z\nepoch 1\n`;
  const signature = Buffer.concat([keyHash, sign(null, Buffer.from(body), privateKey)]).toString('base64');
  return `${body}\n— ${NAME} ${signature}\n`;
}

async function write(file, rows, withOpenings) {
  const out = createWriteStream(file);
  const line = async (text) => out.write(`${text}\n`) || once(out, 'drain');
  const { add, root } = tree();
  const nonce = Buffer.alloc(32, 5);
  await line(
    `{"header":{"format":"ringfence-audit-1","tenantId":"${TENANT}","exportedAt":"2026-11-21T17:00:00.000000Z","size":${rows},"keys":["${verifierKey}"]}}`,
  );
  for (let seq = 0; seq < rows; seq += 1) {
    const value = `{"address":"192.0.2.${seq % 256}","userAgent":"Mozilla/5.0 (X11; Linux x86_64)"}`;
    const personal = digest(nonce, value).toString('hex');
    const entry = entryOf(seq, personal);
    const leaf = digest(Buffer.from([0]), entry);
    const opening = JSON.stringify({ [personal]: { nonce: nonce.toString('base64'), value } });
    await line(`{"entry":${entry},"hash":"${leaf.toString('hex')}"${withOpenings ? `,"openings":${opening}` : ''}}`);
    add(leaf, seq);
    const size = seq + 1;
    if (size % ROWS_A_CHECKPOINT === 0 || size === rows)
      await line(JSON.stringify({ checkpoint: noteOf(size, root()) }));
  }
  await line(`{"end":{"size":${rows}}}`);
  out.end();
  await once(out, 'close');
}

/** Prints rows a second and the most memory held, sampled ten times a second, after a tenth of the rows and at the end. */
const CHILD = `
  const { verifyAudit } = await import(process.argv[2]);
  const { createReadStream } = await import('node:fs');
  let peak = 0; const rss = () => { peak = Math.max(peak, process.memoryUsage.rss()); return peak; };
  const before = rss(); let early = 0; let next = 0;
  const started = performance.now(); const cpu = process.cpuUsage();
  const proved = await verifyAudit(createReadStream(process.argv[1], { highWaterMark: 1 << 18 }), {
    onProgress: ({ rows }) => { if (performance.now() > next) { next = performance.now() + 100; rss(); } if (rows < ${ROWS} / 10) early = peak; } });
  const seconds = (performance.now() - started) / 1000; const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ rows: proved.rows, seconds, cpu: (used.user + used.system) / 1e6, before, early, peak: rss() }));`;

async function measure(file) {
  const verifier = new URL('../src/audit-verifier/ringfence-audit-verify.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, file, verifier], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (text) => (printed += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('the verifier failed');
  return JSON.parse(printed);
}

const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
try {
  const mb = (bytes) => Math.round(bytes / 1e6);
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
  for (const withOpenings of [false, true]) {
    const file = join(folder, 'export.ndjson');
    await write(file, ROWS, withOpenings);
    const { size } = await stat(file);
    const { rows, seconds, cpu, before, early, peak } = await measure(file);
    console.log(
      `${withOpenings ? 'an opening beside every row' : 'no openings'}: ${rows} rows of ${Math.round(size / rows)} bytes a line in ${seconds.toFixed(1)} s ` +
        `(${cpu.toFixed(1)} s of processor): ${Math.round(rows / seconds)} rows/s; memory ${mb(before)} MB before, ` +
        `${mb(early)} MB at most in the first tenth, ${mb(peak)} MB at most in all`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
