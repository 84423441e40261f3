import type { Texts } from './texts.js';

export const factorRemoved: Texts = {
  subject: 'A second factor was removed from your account',

  text: `The second factor "{{name}}" was removed from your Ringfence account: {{when}}.

It was you? Then there is nothing to do.

It was not you? Then somebody else is in your account. Set a new password
now, look through your other factors, and tell your administrator.
`,

  html: `<p>The second factor &ldquo;{{name}}&rdquo; was removed from your Ringfence account: {{when}}.</p>
<p>It was you? Then there is nothing to do.</p>
<p><strong>It was not you?</strong> Then somebody else is in your account. Set a new password now, look through your
other factors, and tell your administrator.</p>
`,
};
