import type { Principal } from '../../../context/index.js';
import type { AuthNote } from '../../audit/index.js';
import type { SessionRow } from './sessions.repository.js';

type Act = Pick<AuthNote, 'tenantId' | 'concerns' | 'actorId' | 'sessionId'>;

/** What somebody does in a session of theirs, as the audit log has it: in the session's tenant, else wherever they belong. */
export const actIn = ({ id, user_id, tenant_id }: Pick<SessionRow, 'id' | 'user_id' | 'tenant_id'>): Act => ({
  tenantId: tenant_id,
  concerns: user_id,
  actorId: user_id,
  sessionId: id,
});

/** What the bearer of a token asks for, before it is known whether the session still lives. */
export const actOf = ({ sessionId, userId, tenantId }: Principal): Act =>
  actIn({ id: sessionId, user_id: userId, tenant_id: tenantId });
