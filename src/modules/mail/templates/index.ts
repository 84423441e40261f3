import type { MailTemplate } from '../mail.js';
import { accountLocked } from './account-locked.js';
import { factorAdded } from './factor-added.js';
import { factorRemoved } from './factor-removed.js';
import { invitation } from './invitation.js';
import { magicLink } from './magic-link.js';
import { passwordChanged } from './password-changed.js';
import { passwordReset } from './password-reset.js';
import { recoveryCodeUsed } from './recovery-code-used.js';
import { recoveryCodesRenewed } from './recovery-codes-renewed.js';
import type { Texts } from './texts.js';
import { webhookDisabled } from './webhook-disabled.js';

export { button, layout } from './layout.js';
export type { Texts } from './texts.js';

/** The words of every mail there is. Modules and not files to be read: the build has nothing to copy. */
export const TEXTS: Readonly<Record<MailTemplate, Texts>> = {
  'magic-link': magicLink,
  'password-reset': passwordReset,
  'password-changed': passwordChanged,
  'account-locked': accountLocked,
  'factor-added': factorAdded,
  'factor-removed': factorRemoved,
  'recovery-code-used': recoveryCodeUsed,
  'recovery-codes-renewed': recoveryCodesRenewed,
  invitation,
  'webhook-disabled': webhookDisabled,
};
