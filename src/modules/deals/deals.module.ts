import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { DealsController } from './deals.controller.js';
import { DealsRepository } from './deals.repository.js';
import './deals.resource.js';
import { DealsService } from './deals.service.js';

/** The sales pipeline. A deal has an owner, who says who sees it; the first page of the list has a plan that is kept. */
@Module({ imports: [AccessModule], controllers: [DealsController], providers: [DealsService, DealsRepository] })
export class DealsModule {}
