import { Module } from '@nestjs/common';
import { AccountPagesController } from './account-pages.controller.js';

/** Pages for the links in mails. An installation with pages of its own sets WEB_URL and may leave this module out. */
@Module({ controllers: [AccountPagesController] })
export class AccountPagesModule {}
