import type { Texts } from './texts.js';

export const passwordChanged: Texts = {
  subject: 'Your password was changed',

  text: `The password of your Ringfence account was changed: {{when}}.

It was you? Then there is nothing to do.

It was not you? Then somebody else may be in your account. Set a new
password now{{#if resetLink}}:

{{resetLink}}

Then{{else}}, by "forgot password" where you sign in, then{{/if}} tell your
administrator.
`,

  html: `<p>The password of your Ringfence account was changed: {{when}}.</p>
<p>It was you? Then there is nothing to do.</p>
{{#if resetLink}}
<p><strong>It was not you?</strong> Then somebody else may be in your account. Set a new password now, then tell your
administrator.</p>
{{> button to=resetLink label="Set a new password"}}
{{else}}
<p><strong>It was not you?</strong> Then somebody else may be in your account. Set a new password now, by
&ldquo;forgot password&rdquo; where you sign in, then tell your administrator.</p>
{{/if}}
`,
};
