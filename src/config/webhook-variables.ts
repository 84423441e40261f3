import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Where webhooks may be sent, and how many at once. */
export const webhookVariables = {
  /** networks (CIDR) inside which receivers may be, in plain http as well; comma-separated. Default: public addresses alone */
  WEBHOOK_ALLOWED_NETWORKS: z
    .string()
    .default('')
    .transform((list) => (list === '' ? [] : list.split(',').map((one) => one.trim())))
    .refine((list) => list.every((one) => ipaddr.isValidCIDR(one)), {
      error: 'must list networks such as 10.20.0.0/16 or fd00::/8, separated by commas',
    }),
  /** deliveries that one process makes at once; none lasts longer than 15 seconds */
  WEBHOOK_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(8),
  /** of those, over all processes, deliveries of one tenant */
  WEBHOOK_PER_TENANT: z.coerce.number().int().min(1).max(100).default(2),
} as const;
