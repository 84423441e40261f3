import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { SealedMail } from '../mail/index.js';
import type { InvitationView } from './dto/responses.js';

export interface NewInvitation {
  email: string;
  roleId: string;
  metadata: Record<string, unknown>;
  tokenHash: Buffer;
  mail: SealedMail;
}

/** What the mail says beside its link. */
export interface Names {
  tenant: string;
  /** null: there is no such role */
  role: string | null;
}

const VIEW = `i.id, i.email, i.role_id as "roleId", i.invited_by as "invitedBy", i.metadata,
  i.expires_at as "expiresAt", i.created_at as "createdAt"`;

/** Invitations of the caller's tenant. Each change is a function of the database, which asks who may (migrations/0018). */
@Injectable()
export class InvitationsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(limit: number, before?: string): Promise<InvitationView[]> {
    return this.db.queryOnce(
      `select ${VIEW} from app.invitations i where $2::uuid is null or i.id < $2 order by i.id desc limit $1`,
      [limit, before ?? null],
    );
  }

  async find(id: string): Promise<InvitationView | undefined> {
    const [row] = await this.db.query<InvitationView>(`select ${VIEW} from app.invitations i where i.id = $1`, [id]);
    return row;
  }

  async namesFor(roleId: string): Promise<Names> {
    const [row] = await this.db.query<Names>(
      'select t.name as tenant, r.name as role from app.tenants t left join app.roles r on r.id = $1',
      [roleId],
    );
    return row as Names;
  }

  async create(invitation: NewInvitation): Promise<Pick<InvitationView, 'id' | 'expiresAt' | 'createdAt'>> {
    const { email, roleId, metadata, tokenHash, mail } = invitation;
    const rows = await this.db.query<InvitationView>(
      `select id, expires_at as "expiresAt", created_at as "createdAt" from app.invite($1, $2, $3, $4, $5, $6)`,
      [email, roleId, JSON.stringify(metadata), tokenHash, mail.id, mail.sealed],
    );
    return rows[0] as InvitationView;
  }

  async resend(id: string, tokenHash: Buffer, mail: SealedMail): Promise<void> {
    await this.db.query('select app.resend_invitation($1, $2, $3, $4)', [id, tokenHash, mail.id, mail.sealed]);
  }

  async revoke(id: string): Promise<void> {
    await this.db.query('select app.revoke_invitation($1)', [id]);
  }
}
