import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { type DomainError, validationFailed } from '../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import { AccessRepository, type JudgedStep } from './access.repository.js';
import type { ExplainRequest, ViewersQuery } from './dto/requests.js';
import type { Explanation, Reason, Viewer } from './dto/responses.js';
import { sentenceOf } from './sentences.js';

/** Says what the engine of the policies decides, and why. */
@Injectable()
export class AccessService {
  constructor(
    private readonly access: AccessRepository,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  /** @throws DomainError 400, 403 without the right to ask about others, 404 for a member or (asked about others) a record */
  async explain({ action, resourceType, resourceId, userId }: ExplainRequest): Promise<Explanation> {
    if ((action === 'create') !== (resourceId === undefined)) {
      const message = action === 'create' ? 'must be left out: what is created has none yet' : 'is needed';
      throw validationFailed(`For "${action}" resourceId ${message}.`, { errors: [{ field: 'resourceId', message }] });
    }
    const judged = await this.access.explain(action, resourceType, resourceId, userId);
    if (!judged) throw unknownResource();
    return { allowed: judged.allowed, decidedBy: judged.decidedBy, reasons: judged.reasons.map(reasonOf) };
  }

  /** @throws DomainError 400, 403, 404 for a record that the caller does not see */
  async viewers({ resourceType, resourceId, limit, cursor }: ViewersQuery): Promise<Page<Viewer>> {
    const scope: CursorScope = {
      tenantId: this.context.principal.tenantId ?? '',
      list: JSON.stringify(['viewers', resourceType, resourceId]),
    };
    const after = cursor === undefined ? undefined : this.cursors.open(cursor, scope);
    const found = await this.access.viewers(resourceType, resourceId, limit, after);
    if (!found) throw unknownResource();
    const names = await this.access.namesOf(found.items.map(({ userId }) => userId));
    const items = found.items.map(({ userId, because, roles }) => ({
      userId,
      fullName: names.get(userId) ?? '',
      because,
      ...(roles ? { roles } : {}),
    }));
    return { items, nextCursor: found.next === null ? null : this.cursors.seal(found.next, scope) };
  }
}

const unknownResource = (): DomainError =>
  validationFailed('There is no such kind of record.', {
    errors: [{ field: 'resourceType', message: 'is not a kind of record' }],
  });

function reasonOf(judged: JudgedStep): Reason {
  const { step, holds, demanded, held, ...facts } = judged;
  const levels = step === 'aal' ? { demanded: `aal${demanded}`, held: `aal${held}` } : {};
  const present = Object.entries(facts).filter(([, value]) => value !== null);
  return { step, holds, detail: sentenceOf(judged), ...levels, ...Object.fromEntries(present) };
}
