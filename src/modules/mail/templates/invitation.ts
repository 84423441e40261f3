import type { Texts } from './texts.js';

export const invitation: Texts = {
  subject: 'You are invited to Ringfence',

  text: `You are invited to join {{tenant}} on Ringfence, as {{role}}.

The link works once, within {{days}} days:

{{link}}

It was not you who was to get this? Then do nothing: without this mail nobody
joins in your name. Do not pass the link on.
`,

  html: `<p>You are invited to join <strong>{{tenant}}</strong> on Ringfence, as {{role}}.</p>
<p>The link works once, within {{days}} days.</p>
{{> button to=link label="See the invitation"}}
<p><strong>It was not you</strong> who was to get this? Then do nothing: without this mail nobody joins in your name. Do
not pass the link on.</p>
`,
};
