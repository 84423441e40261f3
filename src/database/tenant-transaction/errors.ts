/** A statement came after the end of its transaction: a query that was not awaited, or a kept manager. */
export class TransactionClosedError extends Error {
  override name = 'TransactionClosedError';
}

/** COMMIT was asked for while statements were still under way: some call lacks its await. */
export class FloatingQueryError extends Error {
  override name = 'FloatingQueryError';
}

/** The server no longer has the transaction: a statement ended it, or an error was swallowed and COMMIT rolled back. */
export class TransactionLostError extends Error {
  override name = 'TransactionLostError';
}

/** COMMIT was sent and no answer came: it may or may not have happened. Neither success nor failure; never retry blindly. */
export class CommitUnknownError extends Error {
  override name = 'CommitUnknownError';
}

/** The statement would begin or end the transaction, which is the pipeline's to do. */
export class TransactionControlError extends Error {
  override name = 'TransactionControlError';
}

/** The client closed its connection before the answer. */
export class ClientGoneError extends Error {
  override name = 'ClientGoneError';
}

/** There is no transaction here, and there is no fall-back to an unfenced connection. */
export class NoTransactionError extends Error {
  override name = 'NoTransactionError';
  constructor() {
    super(
      'No tenant transaction is open. Ways out: call this from a controller or service of a request; in a job or a ' +
        'script, wrap the work in TenantTransactions.run(principal, work).',
    );
  }
}
