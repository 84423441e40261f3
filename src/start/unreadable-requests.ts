import type { NestExpressApplication } from '@nestjs/platform-express';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { defineProblem, type DomainError, requestTimeout, toProblem } from '../errors/index.js';
import { malformedRequest } from '../pipeline/problems.js';

const headersTooLarge = defineProblem('header_fields_too_large', {
  status: 431,
  meaning: 'The headers of the request are larger than the server takes.',
  todo: 'Send fewer or shorter ones; cookies are not needed at all.',
});

/** What Node knows of the request whose answer is under way on a connection. */
type Busy = Socket & { _httpMessage?: ServerResponse & { _headerSent?: boolean } };

/**
 * Answers with a problem (RFC 9457) where there is no request yet that could go the way of requests: Node's parser has
 * refused the bytes, and would hang up behind a bare status line.
 */
export function answerUnreadableRequests(app: NestExpressApplication): void {
  const server: Server = app.getHttpServer();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Busy) => {
    // an answer that has begun must not get another one in its middle
    if (socket.writable && !socket._httpMessage?._headerSent) socket.write(answerTo(refusalOf(error)));
    socket.destroySoon();
  });
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function refusalOf({ code }: NodeJS.ErrnoException): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return headersTooLarge();
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return requestTimeout();
  }
  return malformedRequest();
}

function answerTo(refusal: DomainError): string {
  const body = JSON.stringify(toProblem(refusal, '/', randomUUID().replaceAll('-', '')));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
