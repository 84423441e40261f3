import { Module } from '@nestjs/common';
import { AccessController } from './access.controller.js';
import { AccessRepository } from './access.repository.js';
import { AccessService } from './access.service.js';
import { Refusals } from './refusals.js';

/** Why somebody may or may not, asked of the rules themselves. Features take `Refusals` from here. */
@Module({
  controllers: [AccessController],
  providers: [AccessService, AccessRepository, Refusals],
  exports: [Refusals],
})
export class AccessModule {}
