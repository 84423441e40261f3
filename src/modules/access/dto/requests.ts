import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';
import { ChoiceField, PageQuery, TextField, UuidField } from '../../../route/index.js';

export const ACTIONS = ['read', 'create', 'update', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

const ResourceTypeField = (): PropertyDecorator =>
  applyDecorators(
    TextField({ max: 50, example: 'deal', description: 'As in the permission codes.' }),
    Matches(/^[a-z_]+$/, { message: '$property must be a word like "deal"' }),
  );

export class ExplainRequest {
  @ChoiceField(ACTIONS, { example: 'update' })
  action!: Action;

  @ResourceTypeField()
  resourceType!: string;

  @UuidField({ optional: true, description: 'The record; needed but for "create", which has none yet.' })
  resourceId?: string;

  @UuidField({ optional: true, description: 'Another member, which takes access:explain. Left out: oneself.' })
  userId?: string;
}

export class ViewersQuery extends PageQuery {
  @ResourceTypeField()
  resourceType!: string;

  @UuidField({ description: 'The record.' })
  resourceId!: string;
}
