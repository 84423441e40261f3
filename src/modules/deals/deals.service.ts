import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import type { Versioned } from '../../database/index.js';
import { notFound } from '../../errors/index.js';
import { changesOf, Cursors, type ExpectedVersions, newestFirst, type Page } from '../../route/index.js';
import { Refusals } from '../access/index.js';
import { DealsRepository } from './deals.repository.js';
import type { CreateDealRequest, ListDealsQuery, UpdateDealRequest } from './dto/requests.js';
import type { DealView } from './dto/responses.js';

@Injectable()
export class DealsService {
  constructor(
    private readonly deals: DealsRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly refusals: Refusals,
  ) {}

  list(query: ListDealsQuery): Promise<Page<DealView>> {
    const { stage, ownerId } = query;
    const filter = { stage, ownerId };
    return this.cursors.page(
      query,
      newestFirst(this.context, 'deals', filter),
      (limit, before) => this.deals.list(filter, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there or not visible */
  async get(id: string): Promise<Versioned<DealView>> {
    const deal = await this.deals.find(id);
    if (!deal) throw notFound();
    return deal;
  }

  create(request: CreateDealRequest): Promise<Versioned<DealView>> {
    return this.deals.create(request);
  }

  /** @throws DomainError 400 nothing to change, 404 invisible, 412 another version, 403 by the database's rules */
  async update(id: string, request: UpdateDealRequest, versions: ExpectedVersions): Promise<Versioned<DealView>> {
    const deal = await this.deals.update(id, changesOf(request), versions);
    return deal ?? this.refusals.refuse('deal', 'update', id);
  }

  /** @throws DomainError 404 invisible, 412 another version, 403 by the database's rules */
  async delete(id: string, versions: ExpectedVersions): Promise<void> {
    if (!(await this.deals.delete(id, versions))) await this.refusals.refuse('deal', 'delete', id);
  }

  /** @throws DomainError 404 invisible, 403 for who neither owns it nor stands above its owner, 422 for an heir who is no member */
  transfer(id: string, ownerId: string): Promise<void> {
    return this.deals.transfer(id, ownerId);
  }
}
