import S3rver from '@20minutes/s3rver';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/context/index.js';
import { s3Client, type S3Options, S3_TIMEOUTS } from '../../src/modules/storage/drivers/s3/s3-client.js';
import { S3Driver } from '../../src/modules/storage/drivers/s3/s3.driver.js';

const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** A real S3 server, on a port and in a folder of its own. */
export async function s3Server(): Promise<{ options: S3Options; close: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'ringfence-s3-'));
  const configureBuckets = [{ name: 'files', configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
  const { port } = await server.run();
  const options: S3Options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'files',
    prefix: 'shared/ringfence/',
    pathStyle: true,
    credentials: CREDENTIALS,
  };
  const close = async (): Promise<void> => {
    server.httpServer.closeAllConnections();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { options, close };
}

/** As the module makes it; the client leaves out a slash that the test server wants left out where a bucket is named alone. */
export function s3Driver(options: S3Options, clock: Clock, timeouts = S3_TIMEOUTS): S3Driver {
  const client = s3Client(options, options.endpoint, timeouts);
  client.middlewareStack.add(
    (next) => (args) => {
      const { request: sent } = args as { request: { path: string } };
      if (/^\/[^/]+\/$/.test(sent.path)) sent.path = sent.path.slice(0, -1);
      return next(args);
    },
    { step: 'build' },
  );
  return new S3Driver(options, clock, client, client, timeouts);
}
