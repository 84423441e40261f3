import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { conflict, notFound } from '../../../errors/index.js';
import { Cursors, type Page } from '../../../route/index.js';
import type { ListJobsQuery } from './dto/requests.js';
import type { JobView } from './dto/responses.js';
import { JobsRepository } from './jobs.repository.js';

@Injectable()
export class JobsService {
  constructor(
    private readonly jobs: JobsRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  list(query: ListJobsQuery): Promise<Page<JobView>> {
    const { status, kind } = query;
    const scope = {
      tenantId: this.context.principal.tenantId ?? '',
      list: JSON.stringify(['jobs', 'id desc', status ?? null, kind ?? null]),
    };
    return this.cursors.page(
      query,
      scope,
      (limit, before) => this.jobs.list({ status, kind }, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there, or another's without job:read */
  async get(id: string): Promise<JobView> {
    const job = await this.jobs.find(id);
    if (!job) throw notFound();
    return job;
  }

  /** @throws DomainError 404 invisible, 409 for one that is not dead */
  async retry(id: string): Promise<JobView> {
    const again = await this.jobs.retry(id);
    const job = await this.get(id);
    if (!again) throw conflict('job_not_dead', 'Only a dead job is run once more.');
    return job;
  }
}
