import { defineProblem } from '../../errors/index.js';

export const eventTypeUnknown = defineProblem('event_type_unknown', {
  status: 400,
  meaning: 'An event is named that there is not, or none is named.',
  todo: 'Name events of GET /v1/webhooks/event-types.',
  operations: ['createWebhook', 'updateWebhook'],
});

export const webhookUrlRefused = defineProblem('webhook_url_refused', {
  status: 422,
  meaning: 'Nothing is sent to this URL.',
  todo: 'Use one that begins with https:// and leads to the internet, without user name, password or fragment.',
  operations: ['createWebhook', 'updateWebhook'],
});

export const tooManyWebhooks = defineProblem('too_many_webhooks', {
  status: 409,
  meaning: 'The tenant has as many webhooks as it may: twenty.',
  todo: 'Delete one first, or let one take more kinds of events.',
  operations: ['createWebhook'],
});

export const webhookDisabled = defineProblem('webhook_disabled', {
  status: 409,
  meaning: 'Nothing is sent to a disabled webhook.',
  todo: 'Make it active first, with PATCH /v1/webhooks/{id}.',
  operations: ['replayWebhookDelivery', 'testWebhook'],
});

export const deliveryPending = defineProblem('delivery_pending', {
  status: 409,
  meaning: 'This delivery is under way.',
  todo: 'Wait: it is replayed once it is over.',
  operations: ['replayWebhookDelivery'],
});
