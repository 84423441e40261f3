import {
  ChoiceField,
  CurrencyField,
  MoneyField,
  PageQuery,
  TextField,
  UuidField,
  type Visibility,
  VisibilityField,
} from '../../../route/index.js';
import { DEAL_STAGES, type DealStage } from '../deal.entity.js';

export class CreateDealRequest {
  @TextField({ max: 200, example: 'Annual licence, 40 seats' })
  title!: string;

  @MoneyField({ example: '12000.00' })
  amount!: string;

  @CurrencyField({ example: 'EUR' })
  currency!: string;

  @ChoiceField(DEAL_STAGES, { optional: true, default: 'lead' })
  stage: DealStage = 'lead';

  @VisibilityField('deal:read', { default: 'controlled' })
  visibility: Visibility = 'controlled';
}

/** What changes; at least one field. */
export class UpdateDealRequest {
  @TextField({ max: 200, optional: true })
  title?: string;

  @MoneyField({ optional: true })
  amount?: string;

  @CurrencyField({ optional: true })
  currency?: string;

  @ChoiceField(DEAL_STAGES, { optional: true, example: 'won' })
  stage?: DealStage;

  @VisibilityField('deal:read')
  visibility?: Visibility;
}

export class TransferDealRequest {
  @UuidField({ description: 'A member, who owns it afterwards.' })
  ownerId!: string;
}

export class ListDealsQuery extends PageQuery {
  @ChoiceField(DEAL_STAGES, { optional: true, description: 'Only those at this stage.' })
  stage?: DealStage;

  @UuidField({ optional: true, description: 'Only those of this owner.' })
  ownerId?: string;
}

export class DealPath {
  @UuidField({ description: 'The deal.' })
  id!: string;
}
