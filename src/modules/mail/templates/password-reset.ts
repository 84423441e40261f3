import type { Texts } from './texts.js';

export const passwordReset: Texts = {
  subject: 'Set a new password',

  text: `You asked to set a new password for Ringfence. This link works once, within
{{minutes}} minutes:

{{link}}

It was not you? Then do nothing: your password stays as it is. Do not pass
the link on.
`,

  html: `<p>You asked to set a new password for Ringfence. The link works once, within {{minutes}} minutes.</p>
{{> button to=link label="Set a new password"}}
<p><strong>It was not you?</strong> Then do nothing: your password stays as it is. Do not pass the link on.</p>
`,
};
