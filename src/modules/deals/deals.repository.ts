import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { ExpectedVersions } from '../../route/index.js';
import { Deal } from './deal.entity.js';
import type { CreateDealRequest, UpdateDealRequest } from './dto/requests.js';
import type { DealView, VersionedDeal } from './dto/responses.js';

/** A row as RETURNING gives it. */
type DealRow = Omit<DealView, 'ownerId' | 'createdAt' | 'updatedAt'> & {
  owner_id: string;
  created_at: string;
  updated_at: string;
  version: number;
};

export interface DealFilter {
  stage?: string;
  ownerId?: string;
}

const VIEW =
  'id, title, amount, currency, stage, visibility, owner_id as "ownerId", created_at as "createdAt", updated_at as "updatedAt"';

/**
 * Statements on deals. None of them names a tenant: the fence adds it, to the plan's index condition too. The list is
 * read as plain rows, since it is the hottest statement and a page of entities costs several times as much.
 */
@Injectable()
export class DealsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(filter: DealFilter, limit: number, before?: string): Promise<DealView[]> {
    const values: unknown[] = [limit];
    const conditions = Object.entries({ 'stage =': filter.stage, 'owner_id =': filter.ownerId, 'id <': before })
      .filter(([, value]) => value !== undefined)
      .map(([condition, value]) => `${condition} $${values.push(value)}`);
    if (conditions.length === 0) return this.db.queryOnce(`select ${VIEW} from app.newest_deals($1)`, values);
    const where = conditions.join(' and ');
    return this.db.queryOnce(`select ${VIEW} from app.deals where ${where} order by id desc limit $1`, values);
  }

  async find(id: string): Promise<VersionedDeal | undefined> {
    const [row] = await this.db.queryOnce<DealRow>('select * from app.deals where id = $1', [id]);
    return row && fromRow(row);
  }

  async create(deal: CreateDealRequest): Promise<VersionedDeal> {
    const { title, amount, currency, stage, visibility } = deal;
    const query = this.db.manager.createQueryBuilder().insert().into(Deal);
    const made = await query.values({ title, amount, currency, stage, visibility }).returning('*').execute();
    return fromRow((made.raw as DealRow[])[0] as DealRow);
  }

  /** @returns the row as it is now; undefined when none was there, visible and at one of the versions */
  async update(id: string, change: UpdateDealRequest, versions: ExpectedVersions): Promise<VersionedDeal | undefined> {
    const query = this.db.manager.createQueryBuilder().update(Deal).set(change).where('id = :id', { id });
    if (versions) query.andWhere('version = any(:versions)', { versions });
    const [row] = (await query.returning('*').execute()).raw as DealRow[];
    return row && fromRow(row);
  }

  /** @returns whether the row was there, visible and at one of the versions */
  async delete(id: string, versions: ExpectedVersions): Promise<boolean> {
    const query = this.db.manager.createQueryBuilder().delete().from(Deal).where('id = :id', { id });
    if (versions) query.andWhere('version = any(:versions)', { versions });
    return (await query.execute()).affected === 1;
  }

  /** The owner's columns are nobody's to write: the function asks for itself who may (migrations/0017). */
  async transfer(id: string, ownerId: string): Promise<void> {
    await this.db.query(`select app.transfer_record('deal', $1, $2)`, [id, ownerId]);
  }
}

function fromRow(row: DealRow): VersionedDeal {
  const { id, title, amount, currency, stage, visibility, version } = row;
  const times = { createdAt: row.created_at, updatedAt: row.updated_at };
  return { deal: { id, title, amount, currency, stage, visibility, ownerId: row.owner_id, ...times }, version };
}
