import type { Texts } from './texts.js';

export const factorAdded: Texts = {
  subject: 'A second factor was added to your account',

  text: `The second factor "{{name}}" was added to your Ringfence account: {{when}}.

It was you? Then there is nothing to do.

It was not you? Then somebody else is in your account. Set a new password
now, remove the factor, and tell your administrator.
`,

  html: `<p>The second factor &ldquo;{{name}}&rdquo; was added to your Ringfence account: {{when}}.</p>
<p>It was you? Then there is nothing to do.</p>
<p><strong>It was not you?</strong> Then somebody else is in your account. Set a new password now, remove the factor,
and tell your administrator.</p>
`,
};
