import type { Texts } from './texts.js';

export const magicLink: Texts = {
  subject: 'Your link to sign in',

  text: `You asked for a link to sign in to Ringfence. It works once, within
{{minutes}} minutes:

{{link}}

It was not you? Then do nothing: without this mail nobody gets in. Do not
pass the link on.
`,

  html: `<p>You asked for a link to sign in to Ringfence. It works once, within {{minutes}} minutes.</p>
{{> button to=link label="Sign in"}}
<p><strong>It was not you?</strong> Then do nothing: without this mail nobody gets in. Do not pass the link on.</p>
`,
};
