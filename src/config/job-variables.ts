import { z } from 'zod';

/** Where work for later is done, and how one looks at it. */
export const jobVariables = {
  /** off: another process works on the queues (worker.js). Default: inline, in tests off */
  JOBS: z.enum(['inline', 'off']).optional(),
  /** jobs of tenants that one process works on at once; each may hold a connection of APP_POOL_SIZE */
  JOBS_CONCURRENCY: z.coerce.number().int().min(1).max(50).default(4),
  /** of those, over all processes, jobs of one tenant */
  JOBS_PER_TENANT: z.coerce.number().int().min(1).max(50).default(2),
  /** where worker.js answers /livez, /readyz and /metrics */
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  /** bearer token for GET /metrics of the server; without it there is no such route */
  METRICS_TOKEN: z.string().min(16, 'must have 16 characters at least').optional(),
} as const;
