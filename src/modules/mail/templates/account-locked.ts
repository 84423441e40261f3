import type { Texts } from './texts.js';

export const accountLocked: Texts = {
  subject: 'Somebody guessed at your account',

  text: `There were too many wrong attempts to get into your Ringfence account, so it
is locked for a while.

It was you? This link unlocks it. It works once, within {{minutes}} minutes:

{{link}}

It was not you? Then your account held, and the lock opens by itself. If your
password is easy to guess, or you use it elsewhere, change it; a second factor
makes guessing useless.
`,

  html: `<p>There were too many wrong attempts to get into your Ringfence account, so it is locked for a while.</p>
<p><strong>It was you?</strong> This link unlocks it. It works once, within {{minutes}} minutes.</p>
{{> button to=link label="Unlock my account"}}
<p><strong>It was not you?</strong> Then your account held, and the lock opens by itself. If your password is easy to
guess, or you use it elsewhere, change it; a second factor makes guessing useless.</p>
`,
};
