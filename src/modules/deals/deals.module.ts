import { Module } from '@nestjs/common';
import { DealsController } from './deals.controller.js';
import { DealsRepository } from './deals.repository.js';
import { DealsService } from './deals.service.js';

/** The sales pipeline: the first business resource, and the pattern for the next. */
@Module({ controllers: [DealsController], providers: [DealsService, DealsRepository] })
export class DealsModule {}
