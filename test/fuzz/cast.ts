import type { StandardRole } from '../../src/route/index.js';
import type { TestApp } from '../support/app.js';
import type { TestDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { newOperator } from '../support/operators.js';
import type { TestClock } from '../support/totp.js';

/** `self`: whoever the valid request belongs to. */
export type Role = 'self' | 'nobody' | 'viewer' | 'member' | 'admin at aal1' | 'admin' | 'owner' | 'operator' | 'key';

export const ROLES: readonly Role[] = [
  ...(['self', 'nobody', 'viewer', 'member', 'admin at aal1', 'admin', 'owner', 'operator', 'key'] as const),
];

export interface Stage {
  app: TestApp;
  db: TestDatabase;
  clock: TestClock;
  /** Forgets what was guessed, and which mails were sent to whom. */
  forgive(): Promise<unknown>;
  /** Deletes what a tenant may have only a few of, where it is near its limit. */
  makeRoom(): Promise<unknown>;
}

/** Somebody in each role with a live credential, and somebody new as soon as theirs has died. */
export class Cast {
  private readonly held = new Map<Role, string>();
  /** how often somebody new was needed */
  replaced = 0;

  constructor(private readonly stage: Stage) {}

  /** @returns what goes behind `Bearer`; undefined for nobody */
  async credential(role: Role): Promise<string | undefined> {
    if (role === 'nobody' || role === 'self') return undefined;
    const known = this.held.get(role);
    if (known !== undefined) return known;
    const made = await this.made(role);
    this.held.set(role, made);
    return made;
  }

  /** Forgets a credential that may have ended, or a person who may have another role by now. */
  replace(role: Role): void {
    if (this.held.delete(role)) this.replaced += 1;
  }

  private async made(role: Exclude<Role, 'nobody' | 'self'>): Promise<string> {
    const { app, db, clock } = this.stage;
    const { a } = db.world;
    clock.reset();
    if (role === 'operator') return (await grantTo(app, db, (await newOperator(db)).id, { aal: 2 })).accessToken;
    if (role === 'key') return this.key();
    const standard = role.split(' ')[0] as StandardRole;
    const { id } = await newcomer(db, [a, standard]);
    const aal = role === 'admin' || role === 'owner' ? 2 : 1;
    return (await grantTo(app, db, id, { aal, tenant: a.id })).accessToken;
  }

  /** An API key that may all that its maker may. */
  private async key(): Promise<string> {
    const { app } = this.stage;
    await this.stage.makeRoom();
    const token = await this.made('owner'); // somebody who has been nowhere yet
    const { body } = await app.call('GET', '/v1/permissions?limit=100', {
      token,
    });
    const permissions = (body.items as { code: string }[]).map(({ code }) => code);
    const expiresAt = new Date(Date.now() + 24 * 3600_000).toISOString();
    for (const codes of [
      permissions,
      permissions.filter((code) => /^(deal|file|role|member|audit):read$/.test(code)),
    ]) {
      const made = await app.call('POST', '/v1/api-keys', {
        token,
        body: { name: 'Fuzz', permissions: codes, expiresAt },
      });
      if (made.status === 201) return made.body.key as string;
    }
    throw new Error('no API key could be made');
  }
}
