import { defineProblem } from '../../errors/index.js';

export const jobNotDead = defineProblem('job_not_dead', {
  status: 409,
  meaning: 'Only a dead job is run once more.',
  todo: 'Read it with GET /v1/jobs/{id}: it is waiting, running or done.',
  operations: ['retryJob'],
});
