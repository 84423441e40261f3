import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AuthDb } from '../../database/index.js';
import { permissionCatalogue } from '../../route/index.js';

const RETRY_MS = 30_000;

/**
 * Brings the permissions that this version declares into the database, at boot. What is new there goes to the standard
 * roles of every tenant, as they would have had it if they were made today. Two pods at once do it once.
 */
@Injectable()
export class PermissionCatalogue implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('Permissions');
  private again?: NodeJS.Timeout;

  constructor(private readonly db: AuthDb) {}

  async onModuleInit(): Promise<void> {
    const declared = JSON.stringify(permissionCatalogue());
    const [row] = await this.db.query<{ fresh: number }>('select auth.sync_permissions($1) as fresh', [declared]);
    if (row && row.fresh > 0) this.log.log(`${row.fresh} new permissions for the standard roles of every tenant`);
    await this.spread();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.again);
  }

  /** A hundred tenants a statement. One whose roles are being changed gets its own later, and holds up neither us nor others. */
  private async spread(): Promise<void> {
    try {
      for (let left = await this.left(), before = Infinity; left > 0; left = await this.left()) {
        if (left >= before) throw new Error(`${left} tenants are busy`);
        before = left;
      }
    } catch (error) {
      this.log.warn(`new permissions are not everywhere yet, next try in 30 s: ${(error as Error).message}`);
      this.again = setTimeout(() => void this.spread(), RETRY_MS).unref();
    }
  }

  private async left(): Promise<number> {
    const [row] = await this.db.query<{ left: number }>('select auth.spread_permissions(100) as left');
    return row?.left ?? 0;
  }
}
