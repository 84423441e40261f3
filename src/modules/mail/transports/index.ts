/* Every way out that MAIL_TRANSPORT may name. */
import { MAILS_AT_ONCE } from '../mail-worker.js';
import { defineMailTransport } from './define-transport.js';
import { FolderTransport } from './folder.transport.js';
import { SmtpTransport } from './smtp.transport.js';

defineMailTransport('smtp', (config) => new SmtpTransport(config, MAILS_AT_ONCE));
defineMailTransport('folder', (config) => new FolderTransport(config));

export { mailTransport } from './define-transport.js';
