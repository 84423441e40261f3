import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import type { Versioned } from '../../database/index.js';
import { notFound } from '../../errors/index.js';
import { changesOf, Cursors, type ExpectedVersions, newestFirst, type Page } from '../../route/index.js';
import { Refusals } from '../access/index.js';
import type { CreateTicketRequest, ListTicketsQuery, UpdateTicketRequest } from './dto/requests.js';
import type { TicketView } from './dto/responses.js';
import { TicketsRepository } from './tickets.repository.js';

@Injectable()
export class TicketsService {
  constructor(
    private readonly tickets: TicketsRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly refusals: Refusals,
  ) {}

  list(query: ListTicketsQuery): Promise<Page<TicketView>> {
    const { projectId } = query;
    const filter = { projectId };
    return this.cursors.page(
      query,
      newestFirst(this.context, 'tickets', filter),
      (limit, before) => this.tickets.list(filter, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there or not visible */
  async get(id: string): Promise<Versioned<TicketView>> {
    const ticket = await this.tickets.find(id);
    if (!ticket) throw notFound();
    return ticket;
  }

  /** @throws DomainError 422 for a record that it names and the caller does not see */
  create(request: CreateTicketRequest): Promise<Versioned<TicketView>> {
    return this.tickets.create(request);
  }

  /** @throws DomainError 400 nothing to change, 404 invisible, 412 another version, 403 by the database's rules, 422 as create */
  async update(id: string, request: UpdateTicketRequest, versions: ExpectedVersions): Promise<Versioned<TicketView>> {
    const ticket = await this.tickets.update(id, changesOf(request), versions);
    return ticket ?? this.refusals.refuse('ticket', 'update', id);
  }

  /** @throws DomainError 404 invisible, 412 another version, 403 by the database's rules */
  async delete(id: string, versions: ExpectedVersions): Promise<void> {
    if (!(await this.tickets.delete(id, versions))) await this.refusals.refuse('ticket', 'delete', id);
  }
}
