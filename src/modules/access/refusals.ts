import { Injectable } from '@nestjs/common';
import { aal2Required, notAllowed, notFound, permissionMissing, versionMismatch } from '../../errors/index.js';
import { AccessRepository } from './access.repository.js';

/**
 * Row level security refuses in silence: an UPDATE or DELETE that it forbids changes no row. This asks the engine why, so
 * that what a caller sees and may not change is a 403 that says so, and only what they do not see is a 404.
 */
@Injectable()
export class Refusals {
  constructor(private readonly access: AccessRepository) {}

  /**
   * Call it when a statement on one record changed nothing.
   * @throws DomainError always: 404 invisible, 403 forbidden, and 412 when nothing forbids it, so that it was the version
   */
  async refuse(resource: string, action: 'update' | 'delete', id: string): Promise<never> {
    switch (await this.access.refusalOf(resource, action, id)) {
      case null:
        throw versionMismatch();
      case 'invisible':
        throw notFound();
      case 'aal':
        throw aal2Required('This needs your second factor: POST /v1/auth/mfa/verify.');
      case 'permission':
        throw permissionMissing(`${resource}:${action}`);
      default:
        throw notAllowed('A rule of this kind of record does not allow this for you.');
    }
  }
}
