import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { Relation, RoleOnPath, Step } from './dto/responses.js';

/** A step as the engine tells it (migrations/0021); what does not belong to it is null or absent. */
export interface JudgedStep {
  step: Step;
  holds: boolean;
  status?: string;
  demanded?: number;
  held?: number;
  permission?: string;
  roles?: RoleOnPath[] | null;
  relation?: Relation;
  visibility?: string | null;
  ownerId?: string | null;
}

export interface Judgement {
  allowed: boolean;
  decidedBy: Step | Relation;
  reasons: JudgedStep[];
}

export interface FoundViewers {
  items: { userId: string; because: Relation; roles: RoleOnPath[] | null }[];
  /** the member that the next page starts after */
  next: string | null;
}

/** Questions to the engine. It asks for itself who may ask. */
@Injectable()
export class AccessRepository {
  constructor(private readonly db: TenantDb) {}

  /** @returns null where there is no such resource, or the id does not belong to the action */
  async explain(action: string, resource: string, id?: string, userId?: string): Promise<Judgement | null> {
    const [row] = await this.db.query<{ answer: Judgement | null }>('select app.explain($1, $2, $3, $4) as answer', [
      action,
      resource,
      id ?? null,
      userId ?? null,
    ]);
    return row?.answer ?? null;
  }

  /** @returns null where there is no such resource */
  async viewers(resource: string, id: string, limit: number, after?: string): Promise<FoundViewers | null> {
    const [row] = await this.db.query<{ answer: FoundViewers | null }>('select app.viewers($1, $2, $3, $4) as answer', [
      resource,
      id,
      after ?? null,
      limit,
    ]);
    return row?.answer ?? null;
  }

  async namesOf(userIds: string[]): Promise<Map<string, string>> {
    const rows = await this.db.query<{ id: string; name: string }>(
      'select user_id as id, full_name as name from app.profiles where user_id = any($1)',
      [userIds],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** @returns null where nothing forbids it */
  async refusalOf(resource: string, action: string, id: string): Promise<string | null> {
    const [row] = await this.db.query<{ refusal: string | null }>('select app.refusal_of($1, $2, $3) as refusal', [
      resource,
      action,
      id,
    ]);
    return row?.refusal ?? null;
  }
}
