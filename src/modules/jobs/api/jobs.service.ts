import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { notFound } from '../../../errors/index.js';
import { Cursors, type Page } from '../../../route/index.js';
import { JobPermissions } from '../jobs.permissions.js';
import { jobNotDead } from '../jobs.problems.js';
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
      (limit, before) => this.jobs.list({ status, kind, apiKeyId: this.ofKey() }, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there, or another's without job:read */
  async get(id: string): Promise<JobView> {
    const job = await this.jobs.find(id, this.ofKey());
    if (!job) throw notFound();
    return job;
  }

  /** @throws DomainError 404 invisible, 409 for one that is not dead */
  async retry(id: string): Promise<JobView> {
    const again = await this.jobs.retry(id);
    const job = await this.get(id);
    if (!again) throw jobNotDead();
    return job;
  }

  /** A key without job:read sees what it put off itself; the database says so, too. */
  private ofKey(): string | undefined {
    const { key, permissions } = this.context.principal;
    return permissions?.has(JobPermissions.read.code) ? undefined : key?.id;
  }
}
