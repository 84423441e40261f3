import { Injectable } from '@nestjs/common';
import { type Filter, Records, TenantDb } from '../../database/index.js';
import { Deal } from './deal.entity.js';
import type { DealView } from './dto/responses.js';

/** Statements on deals, by the policies of app.deals. */
@Injectable()
export class DealsRepository extends Records<DealView> {
  constructor(db: TenantDb) {
    super(db, Deal);
  }

  /** The first page of all is what is asked for most: its plan is kept in a function (docs/adr/0008). */
  override list(filter: Filter<DealView>, limit: number, before?: string): Promise<DealView[]> {
    const all = before === undefined && Object.values(filter).every((value) => value === undefined);
    if (!all) return super.list(filter, limit, before);
    return this.db.queryOnce(`select ${this.view} from app.newest_deals($1)`, [limit]);
  }

  /** The owner's columns are nobody's to write: the function asks for itself who may. */
  async transfer(id: string, ownerId: string): Promise<void> {
    await this.db.query(`select app.transfer_record('deal', $1, $2)`, [id, ownerId]);
  }
}
