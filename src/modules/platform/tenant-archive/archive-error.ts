/** An archive, or an installation, that is not as it must be. The message says what to do; nothing was changed. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
  /** @param code stable, in snake case; for whoever sees no message */
  constructor(
    message: string,
    readonly code = 'not_archivable',
  ) {
    super(message);
  }
}
