import { ApiProperty } from '@nestjs/swagger';
import { VISIBILITIES, type Visibility } from '../../../route/index.js';
import { DEAL_STAGES, type DealStage } from '../deal.entity.js';

export class DealView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Annual licence, 40 seats' }) title!: string;
  @ApiProperty({ example: '12000.00', description: 'Decimal text, two places.' }) amount!: string;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ enum: DEAL_STAGES }) stage!: DealStage;
  @ApiProperty({ enum: VISIBILITIES }) visibility!: Visibility;
  @ApiProperty({ format: 'uuid' }) ownerId!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

export class DealPage {
  @ApiProperty({ type: [DealView] }) items!: DealView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}
