import { Global, Module } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { AuditTrail } from './audit-trail.js';
import { ExportController } from './export/export.controller.js';
import { ExportsService } from './export/exports.service.js';
import { VerifierKeys } from './proof/verifier-keys.js';
import { AuditLogController } from './reading/audit-log.controller.js';
import { AuditLogRepository } from './reading/audit-log.repository.js';
import { AuditLogService } from './reading/audit-log.service.js';
import { ProofsController } from './reading/proofs.controller.js';
import { ProofsRepository } from './reading/proofs.repository.js';
import { ProofsService } from './reading/proofs.service.js';
import { RefusalLog } from './refusals/refusal-log.js';
import { AuditUpkeep } from './sealing/audit-upkeep.js';
import { CheckpointCopies } from './sealing/checkpoint-copies.js';
import { CheckpointDirectory } from './sealing/checkpoint-directory.js';
import { CHECKPOINT_STORE, type CheckpointStore } from './sealing/checkpoint-store.js';
import { Sealer } from './sealing/sealer.js';
import { SealerRepository } from './sealing/sealer.repository.js';

/** Who did what. Global, since whatever changes something records it. */
@Global()
@Module({
  controllers: [ProofsController, ExportController, AuditLogController], // words before :id
  providers: [
    AuditLogService,
    AuditLogRepository,
    ProofsService,
    ProofsRepository,
    VerifierKeys,
    ExportsService,
    AuditTrail,
    RefusalLog,
    Sealer,
    SealerRepository,
    AuditUpkeep,
    CheckpointCopies,
    { provide: CHECKPOINT_STORE, inject: [Config], useFactory: storeFor },
  ],
  exports: [AuditTrail, RefusalLog],
})
export class AuditModule {}

/** Where copies of checkpoints go; undefined: nowhere. */
function storeFor({ env }: Config): CheckpointStore | undefined {
  return env.AUDIT_CHECKPOINT_DIR ? new CheckpointDirectory(env.AUDIT_CHECKPOINT_DIR) : undefined;
}
