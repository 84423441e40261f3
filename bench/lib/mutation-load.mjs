/**
 * The load of writers, as a process of its own: each connection makes a deal, changes two fields of it, and begins again.
 * Reads one job as JSON from its first argument, writes one result as JSON: changes a second, their latencies, and the
 * longest time in which no connection at all got an answer.
 */
import { connect } from 'node:net';
import { bodyLength } from './answer.mjs';

const job = JSON.parse(process.argv[2]); // { port, tokens: string[], warmupMs, measureMs }
let measuring = false;
let stopped = false;
let lastAnswer = 0;
let longestGap = 0;
const latencies = [];

function request(token, method, path, body) {
  const text = JSON.stringify(body);
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${job.port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nIf-Match: *\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

const create = (token) => request(token, 'POST', '/v1/deals', { title: 'Written', amount: '12.50', currency: 'EUR' });
const change = (token, id) => request(token, 'PATCH', `/v1/deals/${id}`, { title: 'Changed', stage: 'won' });

function run(token) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: job.port, noDelay: true });
    let received = Buffer.alloc(0);
    let creating = true;
    let sentAt = 0;
    const send = (text) => {
      sentAt = performance.now();
      socket.write(text);
    };
    socket.once('connect', () => send(create(token)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      try {
        const length = bodyLength(received);
        if (length === undefined) return;
        const { id } = JSON.parse(received.toString('utf8', received.length - length));
        answered(performance.now() - sentAt);
        received = Buffer.alloc(0);
        if (stopped) return void socket.end();
        send(creating ? change(token, id) : create(token));
        creating = !creating;
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    });
    socket.once('error', reject);
    socket.once('close', () => (stopped ? resolve() : reject(new Error('the server closed a connection'))));
  });
}

function answered(latency) {
  const now = performance.now();
  if (measuring) {
    latencies.push(latency);
    longestGap = Math.max(longestGap, now - lastAnswer);
  }
  lastAnswer = now;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

try {
  const connections = Promise.all(job.tokens.map(run));
  connections.catch(() => undefined);
  await Promise.race([wait(job.warmupMs), connections]);
  const began = performance.now();
  lastAnswer = began;
  measuring = true;
  await Promise.race([wait(job.measureMs), connections]);
  measuring = false;
  const seconds = (performance.now() - began) / 1000;
  stopped = true;
  await connections;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  const result = {
    rps: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: latencies.at(-1),
    gap: longestGap,
  };
  process.stdout.write(JSON.stringify(result));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
