/**
 * The load, as a process of its own: each connection sends its request, waits for the whole answer, sends it again.
 * Written on sockets, since on a machine of few cores a costly client would flatten every ratio.
 * Reads one job as JSON from its first argument, writes one result as JSON.
 */
import { connect } from 'node:net';
import { bodyLength } from './answer.mjs';

const job = JSON.parse(process.argv[2]); // { port, requests: string[], warmupMs, measureMs }
let measuring = false;
const latencies = [];
let total = 0; // answers, those of the warm-up included
let stopped = false;

function run(request) {
  const bytes = Buffer.from(request, 'latin1');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: job.port, noDelay: true });
    let received = null;
    let sentAt = 0;
    let expected;
    const send = () => {
      sentAt = performance.now();
      socket.write(bytes);
    };
    socket.once('connect', send);
    socket.on('data', (chunk) => {
      try {
        received = received ? Buffer.concat([received, chunk]) : chunk;
        const length = bodyLength(received);
        if (length === undefined) return;
        expected ??= length; // the rows do not change, so no answer may differ in length from the first
        if (length !== expected)
          throw new Error(
            `an answer of ${length} bytes after one of ${expected}: ${received.toString('latin1', 0, 600)}`,
          );
      } catch (error) {
        socket.destroy();
        return reject(error);
      }
      received = null;
      total += 1;
      if (measuring) latencies.push(performance.now() - sentAt);
      if (stopped) return void socket.end();
      send();
    });
    socket.once('error', reject);
    socket.once('close', () => (stopped ? resolve() : reject(new Error('the server closed a connection'))));
  });
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function measure() {
  await wait(job.warmupMs);
  const began = performance.now();
  measuring = true;
  await wait(job.measureMs);
  measuring = false;
  const seconds = (performance.now() - began) / 1000;
  stopped = true;
  return seconds;
}

try {
  const connections = Promise.all(job.requests.map(run));
  const seconds = await Promise.race([
    measure(),
    connections.then(() => {
      throw new Error('the connections ended early');
    }),
  ]);
  await connections;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  process.stdout.write(
    JSON.stringify({ rps: latencies.length / seconds, p50: at(0.5), p99: at(0.99), answers: total }),
  );
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
