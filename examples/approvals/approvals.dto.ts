import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, CurrencyField, MoneyField, TextField, UuidField } from '../../src/route/index.js';

const VERDICTS = ['granted', 'refused'] as const;
export type Verdict = (typeof VERDICTS)[number];

export class AskApprovalRequest {
  @TextField({ max: 200, example: 'Two new laptops' })
  subject!: string;

  @MoneyField({ example: '2400.00' })
  amount!: string;

  @CurrencyField({ example: 'EUR' })
  currency!: string;
}

export class DecideApprovalRequest {
  @ChoiceField(VERDICTS)
  verdict!: Verdict;
}

export class ApprovalPath {
  @UuidField({ description: 'The approval.' })
  id!: string;
}

export class ApprovalView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Two new laptops' }) subject!: string;
  @ApiProperty({ example: '2400.00', description: 'Decimal text, two places.' }) amount!: string;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ enum: ['pending', ...VERDICTS] }) status!: 'pending' | Verdict;
  @ApiProperty({ format: 'uuid' }) askedBy!: string;
}

export class ApprovalLimitView {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ example: '1000.00', description: 'What is above it is decided at AAL2.' }) amount!: string;
}

export class WaitingView {
  @ApiProperty({ format: 'uuid' }) tenantId!: string;
  @ApiProperty({ example: 3, description: 'How many of its approvals nobody has decided on.' }) waiting!: number;
}
