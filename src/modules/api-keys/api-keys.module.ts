import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { KeyHolders } from './key-holders.js';
import { KeyUses } from './key-uses.js';

/** Keys of tenants, for programs: how they are administered, and whose they are. */
@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeysRepository, KeyHolders, KeyUses],
  exports: [KeyHolders, KeyUses],
})
export class ApiKeysModule {}
