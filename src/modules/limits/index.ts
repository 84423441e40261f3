export { LimitsModule } from './limits.module.js';
export { type LimitedRoute, rateLimitHeaders, RateLimits } from './rate-limits.js';
