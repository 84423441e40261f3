import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { TicketsController } from './tickets.controller.js';
import { TicketsRepository } from './tickets.repository.js';
import './tickets.resource.js';
import { TicketsService } from './tickets.service.js';

/** Tickets. All members of the tenant share them. */
@Module({ imports: [AccessModule], controllers: [TicketsController], providers: [TicketsService, TicketsRepository] })
export class TicketsModule {}
