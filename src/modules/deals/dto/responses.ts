import { ApiProperty } from '@nestjs/swagger';
import { DEAL_STAGES, type DealStage, VISIBILITIES, type Visibility } from '../deal.entity.js';

export class DealView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Annual licence, 40 seats' }) title!: string;
  @ApiProperty({ example: '12000.00', description: 'Decimal text, two places.' }) amount!: string;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ enum: DEAL_STAGES }) stage!: DealStage;
  @ApiProperty({ enum: VISIBILITIES }) visibility!: Visibility;
  @ApiProperty({ format: 'uuid' }) ownerId!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ format: 'date-time' }) updatedAt!: Date;
}

export class DealPage {
  @ApiProperty({ type: [DealView] }) items!: DealView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}
