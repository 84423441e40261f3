import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import type { Versioned } from '../../database/index.js';
import { notFound } from '../../errors/index.js';
import {
  changesOf,
  Cursors,
  type ExpectedVersions,
  newestFirst,
  type Page,
  type PageQuery,
} from '../../route/index.js';
import { Refusals } from '../access/index.js';
import type {
  CreateTicketCommentRequest,
  TicketCommentPath,
  TicketCommentsPath,
  UpdateTicketCommentRequest,
} from './dto/requests.js';
import type { TicketCommentView } from './dto/responses.js';
import { TicketCommentsRepository } from './ticket-comments.repository.js';

@Injectable()
export class TicketCommentsService {
  constructor(
    private readonly ticketComments: TicketCommentsRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly refusals: Refusals,
  ) {}

  /** @throws DomainError 404 for a ticket that is not there or not visible */
  async list({ ticketId }: TicketCommentsPath, query: PageQuery): Promise<Page<TicketCommentView>> {
    if (!(await this.ticketComments.seesTicket(ticketId))) throw notFound();
    const filter = { ticketId };
    return this.cursors.page(
      query,
      newestFirst(this.context, 'ticket_comments', filter),
      (limit, before) => this.ticketComments.list(filter, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there or not visible */
  async get({ ticketId, id }: TicketCommentPath): Promise<Versioned<TicketCommentView>> {
    const ticketComment = await this.ticketComments.find(id, { ticketId });
    if (!ticketComment) throw notFound();
    return ticketComment;
  }

  /** @throws DomainError 404 for a ticket that is not there or not visible */
  async create(
    { ticketId }: TicketCommentsPath,
    request: CreateTicketCommentRequest,
  ): Promise<Versioned<TicketCommentView>> {
    if (!(await this.ticketComments.seesTicket(ticketId))) throw notFound();
    return this.ticketComments.create(request, { ticketId });
  }

  /** @throws DomainError 400 nothing to change, 404 invisible, 412 another version, 403 by the database's rules */
  async update(
    path: TicketCommentPath,
    request: UpdateTicketCommentRequest,
    versions: ExpectedVersions,
  ): Promise<Versioned<TicketCommentView>> {
    const ticketComment = await this.ticketComments.update(path.id, changesOf(request), versions, {
      ticketId: path.ticketId,
    });
    return ticketComment ?? this.refuse('update', path);
  }

  /** @throws DomainError 404 invisible, 412 another version, 403 by the database's rules */
  async delete(path: TicketCommentPath, versions: ExpectedVersions): Promise<void> {
    if (!(await this.ticketComments.delete(path.id, versions, { ticketId: path.ticketId })))
      await this.refuse('delete', path);
  }

  /** One of another ticket is not there under this path. */
  private async refuse(action: 'update' | 'delete', path: TicketCommentPath): Promise<never> {
    await this.get(path);
    return this.refusals.refuse('ticket_comment', action, path.id);
  }
}
