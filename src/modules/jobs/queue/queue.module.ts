import { Module } from '@nestjs/common';
import { Queues } from './queues.js';

/** The queues alone, for a feature that works on one of its own. */
@Module({ providers: [Queues], exports: [Queues] })
export class QueueModule {}
