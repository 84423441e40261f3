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
import type { CreateProjectRequest, UpdateProjectRequest } from './dto/requests.js';
import type { ProjectView } from './dto/responses.js';
import { ProjectsRepository } from './projects.repository.js';

@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly refusals: Refusals,
  ) {}

  list(query: PageQuery): Promise<Page<ProjectView>> {
    return this.cursors.page(
      query,
      newestFirst(this.context, 'projects', {}),
      (limit, before) => this.projects.list({}, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 for one that is not there or not visible */
  async get(id: string): Promise<Versioned<ProjectView>> {
    const project = await this.projects.find(id);
    if (!project) throw notFound();
    return project;
  }

  create(request: CreateProjectRequest): Promise<Versioned<ProjectView>> {
    return this.projects.create(request);
  }

  /** @throws DomainError 400 nothing to change, 404 invisible, 412 another version, 403 by the database's rules */
  async update(id: string, request: UpdateProjectRequest, versions: ExpectedVersions): Promise<Versioned<ProjectView>> {
    const project = await this.projects.update(id, changesOf(request), versions);
    return project ?? this.refusals.refuse('project', 'update', id);
  }

  /** @throws DomainError 404 invisible, 412 another version, 403 by the database's rules */
  async delete(id: string, versions: ExpectedVersions): Promise<void> {
    if (!(await this.projects.delete(id, versions))) await this.refusals.refuse('project', 'delete', id);
  }
}
