import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, type Principal } from '../../context/index.js';
import { AuthDb } from '../../database/index.js';
import { Recurring, Trouble } from '../../upkeep/index.js';

const WRITTEN_EVERY_MS = 60_000;
const WRITE = 'select auth.note_key_use($1, $2, $3)';

interface Use {
  tenantId: string;
  at: Date;
}

/** When each key was last used: kept here, and written by one statement a minute. What a killed process had kept is lost. */
@Injectable()
export class KeyUses implements OnApplicationBootstrap, OnApplicationShutdown {
  private uses = new Map<string, Use>();
  private readonly writing: Recurring;

  constructor(
    private readonly db: AuthDb,
    private readonly clock: Clock,
  ) {
    const trouble = new Trouble(new Logger('ApiKeys'), 'when keys were used cannot be written');
    this.writing = new Recurring(WRITTEN_EVERY_MS, () => this.flush(), trouble);
  }

  onApplicationBootstrap(): void {
    this.writing.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writing.stop();
    await this.flush().catch(() => undefined);
  }

  note({ tenantId, key }: Principal): void {
    if (key && tenantId !== null) this.uses.set(key.id, { tenantId, at: new Date(this.clock.now()) });
  }

  /** Writes what there is. What could not be written waits for the next time, but for what came since. */
  async flush(): Promise<void> {
    if (this.uses.size === 0) return;
    const uses = this.uses;
    this.uses = new Map();
    try {
      const all = [...uses].sort(([one], [other]) => (one < other ? -1 : 1)); // as other processes lock them
      await this.db.query(WRITE, [
        all.map(([, { tenantId }]) => tenantId),
        all.map(([id]) => id),
        all.map(([, { at }]) => at),
      ]);
    } catch (error) {
      this.uses = new Map([...uses, ...this.uses]);
      throw error;
    }
  }
}
