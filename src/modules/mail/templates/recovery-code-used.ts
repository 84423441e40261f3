import type { Texts } from './texts.js';

export const recoveryCodeUsed: Texts = {
  subject: 'A recovery code of your account was used',

  text: `A recovery code was used as the second factor of the Ringfence account
{{account}}: {{when}}.

Recovery codes left: {{left}}. Whoever runs short makes ten new ones.

It was you? Then cross the code out: it does not work again. If your phone or
key is lost, remove it from your factors.

It was not you? Then somebody else is in your account, and has your recovery
codes. Set a new password now, make new codes, and tell your administrator.
`,

  html: `<p>A recovery code was used as the second factor of the Ringfence account {{account}}: {{when}}.</p>
<p>Recovery codes left: {{left}}. Whoever runs short makes ten new ones.</p>
<p>It was you? Then cross the code out: it does not work again. If your phone or key is lost, remove it from your
factors.</p>
<p><strong>It was not you?</strong> Then somebody else is in your account, and has your recovery codes. Set a new
password now, make new codes, and tell your administrator.</p>
`,
};
