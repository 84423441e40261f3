import type { Texts } from './texts.js';

export const recoveryCodesRenewed: Texts = {
  subject: 'You have new recovery codes',

  text: `New recovery codes were made for your Ringfence account: {{when}}.
The old ones no longer work.

It was you? Then keep the new ones where you kept the old ones.

It was not you? Then somebody else is in your account. Set a new password
now, make new codes, and tell your administrator.
`,

  html: `<p>New recovery codes were made for your Ringfence account: {{when}}. The old ones no longer work.</p>
<p>It was you? Then keep the new ones where you kept the old ones.</p>
<p><strong>It was not you?</strong> Then somebody else is in your account. Set a new password now, make new codes, and
tell your administrator.</p>
`,
};
