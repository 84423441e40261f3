import { ApiProperty } from '@nestjs/swagger';
import { OUTCOMES, type Outcome } from './requests.js';

const ACTORS = ['user', 'operator', 'command_line', 'database', 'job', 'task', 'key', 'nobody'] as const;
const uuidOrNull = { type: String, format: 'uuid', nullable: true } as const;
const textOrNull = { type: String, nullable: true } as const;
const columns = { type: 'object', additionalProperties: true, nullable: true } as const;
const LISTS =
  'Of a list (`permissions` and `parents` of a role): before has what was taken from it, after what was added.';
const nextCursor = { type: String, nullable: true, description: 'Null: this is the last page.' } as const;
const base64 = { type: String, format: 'byte' } as const;

/** Columns by name. `personal: "[erased]"` stands for those of a person whose key was erased. */
export type Columns = Record<string, unknown>;

export class AuditEntryView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Number in the log; null until it is sealed.' }) seq!:
    number | null;
  @ApiProperty(uuidOrNull) actorId!: string | null;
  @ApiProperty({ enum: ACTORS }) actorType!: (typeof ACTORS)[number];
  @ApiProperty({ ...uuidOrNull, description: 'In which of the actor’s sessions.' }) sessionId!: string | null;
  @ApiProperty({ example: 'deal.updated' }) action!: string;
  @ApiProperty({ ...textOrNull, example: 'deal' }) targetType!: string | null;
  @ApiProperty(uuidOrNull) targetId!: string | null;
  @ApiProperty({ enum: OUTCOMES }) outcome!: Outcome;
  @ApiProperty({ ...textOrNull, description: 'Of the problem that was answered.' }) code!: string | null;
  @ApiProperty({ format: 'date-time', example: '2026-11-21T16:00:00.123456Z' }) at!: string;
  @ApiProperty(textOrNull) requestId!: string | null;
  @ApiProperty({ type: 'integer', description: 'Repeats that were counted instead of written; else 1.' })
  count!: number;
  @ApiProperty({ ...columns, description: `What changed of the target, as it was. ${LISTS}` }) before!: Columns | null;
  @ApiProperty({ ...columns, description: `What changed of the target, as it is since. ${LISTS}` })
  after!: Columns | null;
  @ApiProperty({ ...columns, description: 'What the action adds.' }) details!: Columns | null;
  @ApiProperty({ ...textOrNull, description: 'Null once it is erased, too.' }) address!: string | null;
  @ApiProperty({ ...textOrNull, description: 'Null once it is erased, too.' }) userAgent!: string | null;
}

export class AuditChangeView {
  @ApiProperty({ example: 'deal' }) type!: string;
  @ApiProperty({ format: 'uuid', description: 'Of the row.' }) id!: string;
  @ApiProperty({ enum: ['insert', 'update', 'delete'] }) op!: 'insert' | 'update' | 'delete';
  @ApiProperty({ ...columns, description: 'A row that is one element of a list stands as a list of one.' })
  before!: Columns | null;
  @ApiProperty(columns) after!: Columns | null;
}

export class AuditEntryDetail extends AuditEntryView {
  @ApiProperty({ type: [AuditChangeView], description: 'Every row that changed with it, in order.' })
  changes!: AuditChangeView[];
}

export class AuditEntryPage {
  @ApiProperty({ type: [AuditEntryView] }) items!: AuditEntryView[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class AuditCheckpointView {
  @ApiProperty({ type: 'integer', description: 'How many entries it covers.' }) size!: number;
  @ApiProperty(base64) root!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ type: 'integer' }) epoch!: number;
  @ApiProperty({ description: 'The signed text (C2SP signed-note). Keep it.' }) note!: string;
}

export class AuditCheckpointPage {
  @ApiProperty({ type: [AuditCheckpointView] }) items!: AuditCheckpointView[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class AuditProofView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'integer' }) seq!: number;
  @ApiProperty({ type: 'integer', description: 'Of the tree that the checkpoint signs.' }) size!: number;
  @ApiProperty({ description: 'The canonical JSON that is hashed.' }) entry!: string;
  @ApiProperty({ ...base64, description: 'As it was stored when the entry got its number.' }) leafHash!: string;
  @ApiProperty({ ...base64, type: [String], description: 'RFC 9162 section 2.1.3, from the leaf up.' })
  inclusionPath!: string[];
  @ApiProperty({ description: 'The latest checkpoint: its root is what the path leads to.' }) checkpoint!: string;
}

export class AuditConsistencyView {
  @ApiProperty({ type: 'integer' }) from!: number;
  @ApiProperty({ type: 'integer' }) to!: number;
  @ApiProperty({ ...base64, type: [String], description: 'RFC 9162 section 2.1.4.' }) path!: string[];
}

export class AuditKeyView {
  @ApiProperty({ example: 'ringfence.example+1a2b3c4d+Af...', description: 'Verifier key (C2SP signed-note).' })
  key!: string;
  @ApiProperty({ description: 'Whether this server holds it. Trust no other without asking why.' }) held!: boolean;
}

export class AuditKeyList {
  @ApiProperty({ type: [AuditKeyView] }) items!: AuditKeyView[];
}
