import type { AuditAction } from './audit.js';
import { byCode } from './permission.js';

const events = new Map<string, AuditAction>();

/**
 * Says which of a feature's actions webhooks tell of, beside their declaration. An event has its action's code and
 * description, and is told when the action stands in a tenant's audit log with the outcome success.
 * @throws Error for one that is named twice
 */
export function defineWebhookEvents(...actions: readonly AuditAction[]): void {
  for (const action of actions) {
    if (events.has(action.code)) throw new Error(`webhook event ${action.code} is declared twice`);
    events.set(action.code, action);
  }
}

/** Every event that a loaded module declares, by code. */
export function webhookEventCatalogue(): readonly AuditAction[] {
  return [...events.values()].sort(byCode);
}

/** Whether there is such an event. */
export const isWebhookEvent = (code: string): boolean => events.has(code);
