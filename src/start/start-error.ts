/** A start that cannot go on; what to do next stands in the message. */
export class StartError extends Error {
  override name = 'StartError';
}
