import { Injectable } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask } from './platform-task.js';

const KEPT_DAYS = 30;

/** Jobs that are over are kept for a month, dead ones too. */
@PlatformTask('jobs.forget', '17 3 * * *')
@Injectable()
export class ForgetJobs {
  constructor(private readonly db: AuthDb) {}

  async run(): Promise<void> {
    await this.db.query('select auth.forget_jobs($1)', [KEPT_DAYS]);
  }
}
