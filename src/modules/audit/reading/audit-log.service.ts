import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { notFound } from '../../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../../route/index.js';
import { AuditLogRepository } from './audit-log.repository.js';
import type { ListAuditQuery } from './dto/requests.js';
import type { AuditEntryDetail, AuditEntryView } from './dto/responses.js';
import { toDetail, toView } from './entry-view.js';

/** The log as people read it: with names and addresses, as long as their keys are there. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  async list(query: ListAuditQuery): Promise<Page<AuditEntryView>> {
    const { action, actorId, targetType, targetId, outcome, from, to } = query;
    const filter = { action, actorId, targetType, targetId, outcome, from, to };
    const scope: CursorScope = {
      tenantId: this.context.principal.tenantId ?? '',
      list: JSON.stringify(['audit-log', 'id desc', ...Object.values(filter).map((value) => value ?? null)]),
    };
    const page = await this.cursors.page(
      query,
      scope,
      (limit, before) => this.log.list(filter, limit, before),
      ({ id }) => id,
    );
    return { ...page, items: page.items.map(toView) };
  }

  /** @throws DomainError 404 for an entry that is not there, or of another tenant */
  async get(id: string): Promise<AuditEntryDetail> {
    const row = await this.log.find(id);
    if (!row) throw notFound();
    return toDetail(row);
  }
}
