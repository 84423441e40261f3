export { Letters } from './letters.js';
export type { Mail, MailTemplate } from './mail.js';
export { MailModule } from './mail.module.js';
export { Outbox, type SealedMail } from './outbox.js';
