/**
 * Reads at a fixed pace, with or without a storm of sign-ins beside them, as a process of its own. The pace does not slow
 * down with the server: a read is sent when it is due, and its wait for a free connection counts.
 * Reads one job as JSON from its first argument, writes one result as JSON.
 */
import { connect } from 'node:net';
import { bodyLength } from './answer.mjs';

// { port, reads: string[], readsPerSecond, signIns: string[], warmupMs, measureMs }; each request has its own connection
const job = JSON.parse(process.argv[2]);
let measuring = false;
let stopped = false;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A keep-alive connection with one request on it at a time. @returns the way to send it; resolves with the answer */
function open(request) {
  const bytes = Buffer.from(request, 'latin1');
  const socket = connect({ host: '127.0.0.1', port: job.port, noDelay: true });
  let received = null;
  let answer = Promise.withResolvers();
  socket.on('data', (chunk) => {
    received = received ? Buffer.concat([received, chunk]) : chunk;
    try {
      if (bodyLength(received) === undefined) return;
    } catch (error) {
      return answer.reject(error);
    }
    received = null;
    answer.resolve();
  });
  socket.once('error', (error) => answer.reject(error));
  socket.once('close', () => answer.reject(new Error('the server closed a connection')));
  return () => {
    answer = Promise.withResolvers();
    socket.write(bytes);
    return answer.promise;
  };
}

/** @returns latencies, ms, of what was sent and answered while it was measured */
async function read() {
  const latencies = [];
  const free = job.reads.map(open);
  const due = [];
  const unanswered = new Set();
  const one = async (send, { since, counts }) => {
    await send();
    if (counts && measuring) latencies.push(performance.now() - since);
    free.push(send);
    serve();
  };
  const serve = () => {
    while (free.length > 0 && due.length > 0) {
      const answered = one(free.shift(), due.shift());
      unanswered.add(answered);
      answered.then(
        () => unanswered.delete(answered),
        (error) => failed.reject(error),
      );
    }
  };
  const began = performance.now();
  for (let sent = 0; !stopped; await wait(1)) {
    const since = performance.now();
    for (; sent < ((since - began) * job.readsPerSecond) / 1000; sent += 1) due.push({ since, counts: measuring });
    serve();
  }
  while (unanswered.size > 0) await Promise.all(unanswered);
  return latencies;
}

/** Somebody who signs in again as soon as they are signed in. @returns latencies, ms */
async function signIn(request) {
  const latencies = [];
  const send = open(request);
  while (!stopped) {
    const since = performance.now();
    await send();
    if (measuring) latencies.push(performance.now() - since);
  }
  return latencies;
}

/** @returns seconds measured */
async function measure() {
  await wait(job.warmupMs);
  const began = performance.now();
  measuring = true;
  await wait(job.measureMs);
  measuring = false;
  stopped = true;
  return (performance.now() - began) / 1000;
}

function summary(latencies, seconds) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { rps: sorted.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const failed = Promise.withResolvers();
try {
  // all are waited for: what was still under way would disturb what is measured next
  const all = Promise.all([measure(), read(), ...job.signIns.map(signIn)]);
  const [seconds, reads, ...signIns] = await Promise.race([all, failed.promise]);
  const result = { reads: summary(reads, seconds), signIns: summary(signIns.flat(), seconds) };
  process.stdout.write(JSON.stringify(result), () => process.exit());
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
