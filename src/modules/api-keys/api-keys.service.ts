import { Injectable } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { Clock, RequestContext } from '../../context/index.js';
import { notFound, validationFailed } from '../../errors/index.js';
import { Cursors, type CursorScope, type ExpectedVersions, type Page } from '../../route/index.js';
import { capabilityHash, capabilityOf } from '../identity/index.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import type { CreateApiKeyRequest, ListApiKeysQuery } from './dto/requests.js';
import type { ApiKeyView, NewApiKeyView, Versioned } from './dto/responses.js';
import { newKey } from './key-text.js';

const MOST_DAYS = 366;

const hashOf = (text: string): Buffer => capabilityHash(capabilityOf(text));

/** The API keys of the caller's tenant. Who may what is the database's to say; its refusals are in database/sqlstate.ts. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly config: Config,
    private readonly keys: ApiKeysRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  list(query: ListApiKeysQuery): Promise<Page<ApiKeyView>> {
    const scope: CursorScope = { tenantId: this.context.principal.tenantId ?? '', list: 'api keys by id desc' };
    return this.cursors.page(
      query,
      scope,
      (limit, before) => this.keys.list(limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 */
  async get(id: string): Promise<Versioned<ApiKeyView>> {
    const key = await this.keys.find(id);
    if (!key) throw notFound();
    return key;
  }

  /** @throws DomainError 400 for another expiry than is allowed, 403 for a permission that one lacks, 409 for one too many */
  async create(wish: CreateApiKeyRequest): Promise<Versioned<NewApiKeyView>> {
    this.assertExpiry(wish.expiresAt);
    const { text, publicId } = newKey(this.config.apiKeyEnvironment);
    return this.shown(await this.keys.create(wish, publicId, hashOf(text)), text);
  }

  /** @throws DomainError 403 for a key that somebody else answers for, or nobody; 404, 409 for an expired one, 412 */
  async rotate(id: string, overlapSeconds: number, at: ExpectedVersions): Promise<Versioned<NewApiKeyView>> {
    const { view } = await this.get(id);
    const { text } = newKey(this.config.apiKeyEnvironment, view.publicId);
    await this.keys.rotate(id, hashOf(text), overlapSeconds, at);
    return this.shown(id, text);
  }

  /** @throws DomainError 403 for one of somebody who is not below the caller, or with what one lacks; 404, 409, 412 */
  async confirm(id: string, at: ExpectedVersions): Promise<Versioned<ApiKeyView>> {
    await this.keys.confirm(id, at);
    return this.get(id);
  }

  /** @throws DomainError 404, 412 */
  revoke(id: string, at: ExpectedVersions): Promise<void> {
    return this.keys.revoke(id, at);
  }

  /** For a better word than the database's, which decides by its own clock. */
  private assertExpiry(expiresAt: string): void {
    const days = (Date.parse(expiresAt) - this.clock.now()) / 86_400_000;
    if (days > 0 && days <= MOST_DAYS) return;
    throw validationFailed('The key would not live, or for too long.', {
      errors: [{ field: 'expiresAt', message: `must be in the future, ${MOST_DAYS} days from now at most` }],
    });
  }

  private async shown(id: string, key: string): Promise<Versioned<NewApiKeyView>> {
    const { view, version } = await this.get(id);
    return { view: { ...(view as Omit<NewApiKeyView, 'key'>), key }, version };
  }
}
