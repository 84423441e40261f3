import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { RequestContext } from '../context/index.js';
import type { Statement } from '../database/index.js';
import {
  type Answer,
  type Asker,
  type Attempt,
  type Kept,
  OtherKeys,
  RequestMarks,
  type Taken,
  TenantKeys,
} from '../modules/idempotency/index.js';
import {
  ANSWERS_SECRET,
  IDEMPOTENT_REPLAYED,
  inTenant,
  parseIdempotencyKey,
  READS_ONLY,
  Reply,
} from '../route/index.js';
import { accessOf } from './access-of.js';

const LARGEST = 64 * 1024;

/** A request with an Idempotency-Key, on its way. */
export interface Keyed extends Attempt {
  /** undefined: it works in its tenant's transaction */
  readonly asker?: Asker;
  /** outside of it, once the key is taken */
  taken?: Taken;
  /** the handler has returned */
  acted?: boolean;
}

/**
 * A POST with an Idempotency-Key is done once. In a tenant it asks behind `enter`, so that permission and revocation come
 * first, and its answer goes out with the COMMIT. Elsewhere the key is taken before and settled after. Failures are not
 * kept: nothing has happened, and the same key runs again. Other methods say by themselves what a repeat does: their key
 * is not looked at.
 */
@Injectable()
export class Idempotency {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly marks: RequestMarks,
    private readonly tenant: TenantKeys,
    private readonly other: OtherKeys,
  ) {}

  /** @returns undefined where no key was sent, or nothing is done @throws DomainError 400 for what is none */
  keyed(execution: ExecutionContext): Keyed | undefined {
    const request = execution.switchToHttp().getRequest<Request>();
    const given = request.method === 'POST' ? request.headersDistinct['idempotency-key'] : undefined;
    if (!given) return undefined;
    const key = parseIdempotencyKey(given);
    if (this.reflector.get<boolean | undefined>(READS_ONLY, execution.getHandler())) return undefined;
    const asked = {
      route: (request.route as { path: string }).path,
      url: request.originalUrl,
      body: request.body as unknown,
      key,
    };
    return {
      ...this.marks.of(asked),
      token: randomUUID(),
      secret: this.reflector.get<string | undefined>(ANSWERS_SECRET, execution.getHandler()),
      asker: this.askerOf(execution),
    };
  }

  /** @returns the answer, where it was given already @throws DomainError 401, 403, 409, 422, 429 */
  async begin(keyed: Keyed, response: Response): Promise<Reply<unknown> | undefined> {
    const known = await this.known(keyed);
    if (!known) return undefined;
    response.status(known.status);
    return new Reply(known.body, { ...known.headers, [IDEMPOTENT_REPLAYED]: 'true' });
  }

  /** @returns what travels with the COMMIT of the tenant's transaction */
  keep(keyed: Keyed, value: unknown, body: unknown, response: Response): Statement | undefined {
    return keyed.asker ? undefined : this.tenant.keep(keyed, keptOf(keyed, value, body, response));
  }

  /** Behind the handler, whose transactions are over. Never throws: what was done is done. */
  async settle(keyed: Keyed, value: unknown, body: unknown, response: Response): Promise<void> {
    const { taken, asker, secret } = keyed;
    if (!taken) return;
    // who is not signed in would learn from a kept key, unbounded by any limit of guesses, that a password was right
    if (asker?.networks && secret !== undefined) return this.other.forget(keyed, taken);
    await this.other.keep(keyed, taken, keptOf(keyed, value, body, response));
  }

  /** After a failure, behind the rollback. Never throws. What a handler did elsewhere is not undone by what fails behind it. */
  async fail(keyed: Keyed): Promise<void> {
    if (!keyed.asker) return this.tenant.forget(keyed);
    if (keyed.taken && !keyed.acted) await this.other.forget(keyed, keyed.taken);
  }

  private async known(keyed: Keyed): Promise<Answer | undefined> {
    if (!keyed.asker) return this.tenant.begin(keyed);
    const begun = await this.other.begin(keyed, keyed.asker);
    if ('known' in begun) return begun.known;
    keyed.taken = begun;
    return undefined;
  }

  private askerOf(execution: ExecutionContext): Asker | undefined {
    const access = accessOf(this.reflector, execution);
    if (inTenant(access)) return undefined;
    if (access?.kind === 'public') {
      const { origin } = this.context.state;
      return { ofSession: false, networks: this.marks.networksOf(origin?.().address ?? '') };
    }
    return { cap: this.context.principal.cap, ofSession: access?.kind === 'session' };
  }
}

function keptOf({ secret }: Keyed, value: unknown, body: unknown, response: Response): Kept {
  if (secret !== undefined) return { kept: 'secret' };
  const text = body ?? undefined;
  if (text !== undefined && (typeof text !== 'string' || Buffer.byteLength(text) > LARGEST)) return { kept: 'large' };
  const type = response.getHeader('content-type');
  const headers = {
    ...(value instanceof Reply ? value.headers : {}),
    ...(typeof type === 'string' ? { 'Content-Type': type } : {}),
  };
  return { kept: 'answer', answer: { status: response.statusCode, headers, body: text } };
}
