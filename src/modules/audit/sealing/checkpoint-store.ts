/** A checkpoint as whoever keeps it for the customer gets it. */
export interface KeptCheckpoint {
  tenantId: string;
  size: number;
  verifierKey: string;
  /** the signed note */
  note: string;
}

export interface LargestKept {
  tenantId: string;
  size: number;
  note: string;
  /** where it is */
  place: string;
}

/** Out of the reach of whoever holds the database, else it proves nothing: a directory, or a bucket. */
export interface CheckpointStore {
  /** for the log */
  readonly name: string;
  /** Tenant ids of the logs that it keeps checkpoints of. */
  logs(): Promise<string[]>;
  /** The largest checkpoint that it keeps of a log. Whether it is one at all is not looked at. */
  largest(tenantId: string): Promise<LargestKept | undefined>;
  /**
   * Safe on the medium when it resolves. May be called again for the same one, by several processes at once.
   * @throws CheckpointConflictError when it keeps another one of that size
   */
  keep(checkpoint: KeptCheckpoint): Promise<void>;
}

/** The CheckpointStore of this process; undefined where none is configured. */
export const CHECKPOINT_STORE = Symbol('CHECKPOINT_STORE');

/** Two checkpoints of one log and size: the log was rolled back and written anew. What is kept stays. */
export class CheckpointConflictError extends Error {
  override name = 'CheckpointConflictError';
}
