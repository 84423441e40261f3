import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuthDb } from '../../database/index.js';
import { permissionCatalogue } from '../../route/index.js';

/**
 * Brings the permissions that this version declares into the database, at boot. What is new there goes to the standard
 * roles of every tenant, as they would have had it if they were made today. Two pods at once do it once.
 */
@Injectable()
export class PermissionCatalogue implements OnModuleInit {
  private readonly log = new Logger('Permissions');

  constructor(private readonly db: AuthDb) {}

  async onModuleInit(): Promise<void> {
    const declared = JSON.stringify(permissionCatalogue());
    const [row] = await this.db.query<{ fresh: number }>('select auth.sync_permissions($1) as fresh', [declared]);
    if (row && row.fresh > 0)
      this.log.log(`${row.fresh} new permissions: the standard roles of every tenant have them`);
  }
}
