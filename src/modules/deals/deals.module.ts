import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { DealsController } from './deals.controller.js';
import { DealsRepository } from './deals.repository.js';
import { DealsService } from './deals.service.js';

/** The sales pipeline: the first business resource, and the pattern for the next. */
@Module({ imports: [AccessModule], controllers: [DealsController], providers: [DealsService, DealsRepository] })
export class DealsModule {}
