/**
 * Why something did not arrive, as the log of deliveries says it. Codes are stable; what was answered is never kept. The
 * database adds webhook_disabled, backlog, worker_lost and lost.
 */
export type DeliveryError =
  | 'http_status'
  | 'redirect_refused'
  | 'secret_unreadable'
  | 'url_refused'
  | 'no_public_address'
  | 'connection_refused'
  | 'connection_closed'
  | 'connection_failed'
  | 'tls_failed'
  | 'answer_malformed'
  | 'timeout';

const CODES: readonly [RegExp, DeliveryError][] = [
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'connection_closed'],
  [/^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/, 'timeout'],
  [/^(HPE_|ERR_HTTP)/, 'answer_malformed'],
  [/CERT|^(ERR_TLS|ERR_SSL|EPROTO$|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/, 'tls_failed'],
];

/** Refused here, before anything was sent. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  constructor(readonly reason: 'url_refused' | 'no_public_address') {
    super(reason);
  }
}

/** @param timedOut whether the time for it was over */
export function errorOf(error: unknown, timedOut: boolean): DeliveryError {
  if (error instanceof RefusedError) return error.reason;
  if (timedOut) return 'timeout';
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return CODES.find(([form]) => form.test(code))?.[1] ?? 'connection_failed';
}

/** @returns undefined for what counts as arrived: any 2xx */
export function errorOfStatus(status: number): DeliveryError | undefined {
  if (status >= 200 && status < 300) return undefined;
  return status >= 300 && status < 400 ? 'redirect_refused' : 'http_status';
}
