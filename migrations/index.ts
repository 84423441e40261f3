import { CreateTenancy1764000000001 } from './0001-create-tenancy.js';
import { CreateSessions1764000000002 } from './0002-create-sessions.js';
import { CreateContextReaders1764000000003 } from './0003-create-context-readers.js';
import { CreateProtectTable1764000000004 } from './0004-create-protect-table.js';
import { ProtectTenancy1764000000005 } from './0005-protect-tenancy.js';
import { DeriveRoleRights1764000000006 } from './0006-derive-role-rights.js';
import { CreateSignInFunctions1764000000007 } from './0007-create-sign-in-functions.js';
import { CreateDeals1764000000008 } from './0008-create-deals.js';
import { CreateMailOutbox1764000000009 } from './0009-create-mail-outbox.js';
import { RotateSigningKeys1764000000010 } from './0010-rotate-signing-keys.js';
import { CreateFactors1764000000011 } from './0011-create-factors.js';
import { CreateOneTimeTokens1764000000012 } from './0012-create-one-time-tokens.js';
import { DemandAal21764000000013 } from './0013-demand-aal2.js';
import { CataloguePermissions1764000000014 } from './0014-catalogue-permissions.js';
import { AdministerRoles1764000000015 } from './0015-administer-roles.js';
import { EvaluatePolicies1764000000016 } from './0016-evaluate-policies.js';
import { MoveOwnership1764000000017 } from './0017-move-ownership.js';
import { CreateInvitations1764000000018 } from './0018-create-invitations.js';
import { ChangeTenantSettings1764000000019 } from './0019-change-tenant-settings.js';
import { ProvisionPlatform1764000000020 } from './0020-provision-platform.js';
import { ExplainAccess1764000000021 } from './0021-explain-access.js';
import { HideStatistics1764000000022 } from './0022-hide-statistics.js';
import { CreateAuditLog1764000000023 } from './0023-create-audit-log.js';
import { AddAuditWriters1764000000024 } from './0024-add-audit-writers.js';
import { AddAuditProof1764000000025 } from './0025-add-audit-proof.js';
import { DropOldAudit1764000000026 } from './0026-drop-old-audit.js';
import { AddJobCapabilities1764000000027 } from './0027-add-job-capabilities.js';
import { CreateJobs1764000000028 } from './0028-create-jobs.js';
import { CreateFiles1764000000029 } from './0029-create-files.js';
import { AddTenantMoves1764000000030 } from './0030-add-tenant-moves.js';
import { ChangeMailDelivery1764000000032 } from './0032-change-mail-delivery.js';
import { CreateTenantArchives1764000000033 } from './0033-create-tenant-archives.js';
import { CreateApiKeys1764000000034 } from './0034-create-api-keys.js';
import { CreateWebhooks1764000000035 } from './0035-create-webhooks.js';
import { CreateIdempotencyKeys1764000000036 } from './0036-create-idempotency-keys.js';
import { CreateRateLimits1764000000037 } from './0037-create-rate-limits.js';
import { FollowReferences1764000000038 } from './0038-follow-references.js';
import { CreateProjects1764000000039 } from './0039-create-projects.js';
import { CreateTickets1764000000040 } from './0040-create-tickets.js';
import { CreateTicketComments1764000000041 } from './0041-create-ticket-comments.js';

/** Every migration, in order. A list and not a glob: what runs is what a reviewer sees here. */
export const migrations = [
  CreateTenancy1764000000001,
  CreateSessions1764000000002,
  CreateContextReaders1764000000003,
  CreateProtectTable1764000000004,
  ProtectTenancy1764000000005,
  DeriveRoleRights1764000000006,
  CreateSignInFunctions1764000000007,
  CreateDeals1764000000008,
  CreateMailOutbox1764000000009,
  RotateSigningKeys1764000000010,
  CreateFactors1764000000011,
  CreateOneTimeTokens1764000000012,
  DemandAal21764000000013,
  CataloguePermissions1764000000014,
  AdministerRoles1764000000015,
  EvaluatePolicies1764000000016,
  MoveOwnership1764000000017,
  CreateInvitations1764000000018,
  ChangeTenantSettings1764000000019,
  ProvisionPlatform1764000000020,
  ExplainAccess1764000000021,
  HideStatistics1764000000022,
  CreateAuditLog1764000000023,
  AddAuditWriters1764000000024,
  AddAuditProof1764000000025,
  DropOldAudit1764000000026,
  AddJobCapabilities1764000000027,
  CreateJobs1764000000028,
  CreateFiles1764000000029,
  AddTenantMoves1764000000030,
  ChangeMailDelivery1764000000032,
  CreateTenantArchives1764000000033,
  CreateApiKeys1764000000034,
  CreateWebhooks1764000000035,
  CreateIdempotencyKeys1764000000036,
  CreateRateLimits1764000000037,
  FollowReferences1764000000038,
  CreateProjects1764000000039,
  CreateTickets1764000000040,
  CreateTicketComments1764000000041,
];
