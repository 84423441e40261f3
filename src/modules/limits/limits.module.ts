import { Module } from '@nestjs/common';
import { RateLimits } from './rate-limits.js';

/** How often anybody may ask. The pipeline counts. */
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class LimitsModule {}
