export { ConnectionError, type FieldError, ProblemError, StepUpRequiredError } from './errors.js';
export type * from './generated/types.gen.js';
export { ifMatch } from './if-match.js';
export { pages } from './pages.js';
export type { RetryOptions } from './retry.js';
export { createRingfence, type Ringfence, type RingfenceOptions } from './ringfence.js';
export { Session, type SessionOptions, type Tokens } from './session.js';
export type { Deprecation, TransportOptions } from './transport.js';
export { type Delivery, verifyWebhook, type WebhookEvent, WebhookVerificationError } from './webhooks.js';
