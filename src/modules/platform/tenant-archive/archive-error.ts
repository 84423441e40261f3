/** An archive, or an installation, that is not as it must be. The message says what to do; nothing was changed. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}
