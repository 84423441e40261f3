import type { Texts } from './texts.js';

export const webhookDisabled: Texts = {
  subject: 'A webhook was disabled',

  text: `A webhook of {{tenant}} on Ringfence was disabled, and nothing is sent to it
any more: {{why}}.

Its receiver: {{host}}

Once the receiver works again, make the webhook active again. What was not
delivered meanwhile is in its log of deliveries for 30 days and can be
replayed from there.
`,

  html: `<p>A webhook of <strong>{{tenant}}</strong> on Ringfence was disabled, and nothing is sent to it any more: {{why}}.</p>
<p>Its receiver: {{host}}</p>
<p>Once the receiver works again, make the webhook active again. What was not delivered meanwhile is in its log of
deliveries for 30 days and can be replayed from there.</p>
`,
};
