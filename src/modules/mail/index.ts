export type { Mail, MailTemplate } from './mail.js';
export { MailModule } from './mail.module.js';
export { Outbox } from './outbox.js';
