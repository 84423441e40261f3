import type { Check } from '../check.js';
import { auditWritable } from './audit-writable.js';
import { catalogueChanged } from './catalogue-changed.js';
import { commandPolicies } from './command-policies.js';
import { constraintNotValidated } from './constraint-not-validated.js';
import { contextDefault } from './context-default.js';
import { contextImmutable } from './context-immutable.js';
import { contextPreset } from './context-preset.js';
import { createOrTemp } from './create-or-temp.js';
import { dataAcrossTenants } from './data-across-tenants.js';
import { defaultPrivileges } from './default-privileges.js';
import { definerOwner } from './definer-owner.js';
import { definerSearchPath } from './definer-search-path.js';
import { drift } from './drift.js';
import { elevationBySetting } from './elevation-by-setting.js';
import { eventTrigger } from './event-trigger.js';
import { extensionDangerous } from './extension-dangerous.js';
import { fence } from './fence.js';
import { foreignKeyWithoutTenant } from './foreign-key-without-tenant.js';
import { functionLeakproof } from './function-leakproof.js';
import { grantBeyondRows } from './grant-beyond-rows.js';
import { grantOption } from './grant-option.js';
import { grantToOthers } from './grant-to-others.js';
import { indexWithoutTenant } from './index-without-tenant.js';
import { lockdownLifted } from './lockdown-lifted.js';
import { operatorByUser } from './operator-by-user.js';
import { ownershipPolicies } from './ownership-policies.js';
import { parameterGranted } from './parameter-granted.js';
import { parentNotFollowed } from './parent-not-followed.js';
import { partitionFenced } from './partition-fenced.js';
import { policyCallPerRow } from './policy-call-per-row.js';
import { publicExecute } from './public-execute.js';
import { referenceUnasked } from './reference-unasked.js';
import { replicationOpen } from './replication-open.js';
import { rewriteRule } from './rewrite-rule.js';
import { rlsForced } from './rls-forced.js';
import { roleBorrowed } from './role-borrowed.js';
import { rolePowers } from './role-powers.js';
import { roleSettingUnsafe } from './role-setting-unsafe.js';
import { sequenceShared } from './sequence-shared.js';
import { serverVersion } from './server-version.js';
import { servingRole } from './serving-role.js';
import { settingReadPerRow } from './setting-read-per-row.js';
import { settingWithoutNullif } from './setting-without-nullif.js';
import { statisticsOpen } from './statistics-open.js';
import { tableInherits } from './table-inherits.js';
import { tenantColumnNullable } from './tenant-column-nullable.js';
import { tenantColumnUpdatable } from './tenant-column-updatable.js';
import { tenantColumn } from './tenant-column.js';
import { timeoutUnset } from './timeout-unset.js';
import { triggerDisabled } from './trigger-disabled.js';
import { unfenceableRelations } from './unfenceable-relations.js';
import { uniqueWithoutTenant } from './unique-without-tenant.js';
import { viewRights } from './view-rights.js';
import { writeUnaudited } from './write-unaudited.js';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  serverVersion,
  servingRole,
  rolePowers,
  rlsForced,
  fence,
  tenantColumn,
  commandPolicies,
  ownershipPolicies,
  parentNotFollowed,
  partitionFenced,
  viewRights,
  unfenceableRelations,
  definerOwner,
  definerSearchPath,
  contextPreset,
  contextDefault,
  drift,
  functionLeakproof,
  catalogueChanged,
  contextImmutable,
  elevationBySetting,
  settingWithoutNullif,
  foreignKeyWithoutTenant,
  tenantColumnNullable,
  tableInherits,
  rewriteRule,
  triggerDisabled,
  auditWritable,
  grantBeyondRows,
  parameterGranted,
  roleSettingUnsafe,
  lockdownLifted,
  extensionDangerous,
  dataAcrossTenants,
  uniqueWithoutTenant,
  tenantColumnUpdatable,
  referenceUnasked,
  writeUnaudited,
  indexWithoutTenant,
  constraintNotValidated,
  statisticsOpen,
  sequenceShared,
  policyCallPerRow,
  settingReadPerRow,
  createOrTemp,
  publicExecute,
  defaultPrivileges,
  grantOption,
  roleBorrowed,
  grantToOthers,
  operatorByUser,
  eventTrigger,
  replicationOpen,
  timeoutUnset,
];
