export { Letters } from './letters.js';
export type { Letter, Mail, MailTemplate } from './mail.js';
export { MailModule } from './mail.module.js';
export { defineMailTransport, type TransportOpener } from './transports/define-transport.js';
export { MailFailure } from './transports/failure.js';
export type { MailTransport } from './transports/transport.js';
export { Outbox, type SealedMail } from './outbox.js';
