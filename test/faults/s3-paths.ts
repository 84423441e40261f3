import { S3Client } from '@aws-sdk/client-s3';

/*
 * For a process of the tests: its S3 client leaves out a slash that the test server wants left out where a bucket is named
 * alone (see test/support/s3-server.ts).
 */
type Stack = S3Client['middlewareStack'];
const trimmed = new WeakSet<Stack>();
const { send } = S3Client.prototype;

S3Client.prototype.send = function (this: S3Client, ...args: never[]) {
  if (!trimmed.has(this.middlewareStack)) {
    trimmed.add(this.middlewareStack);
    this.middlewareStack.add(
      (next) => (given) => {
        const { request } = given as { request: { path: string } };
        if (/^\/[^/]+\/$/.test(request.path)) request.path = request.path.slice(0, -1);
        return next(given);
      },
      { step: 'build' },
    );
  }
  return (send as (...given: never[]) => unknown).apply(this, args);
} as typeof send;
