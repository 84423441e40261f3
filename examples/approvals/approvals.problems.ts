import { defineProblem } from '../../src/errors/index.js';

export const approvalDecided = defineProblem('approval_decided', {
  status: 409,
  meaning: 'Somebody has decided on this approval already.',
  todo: 'Read it again to see how.',
});

export const approvalOwn = defineProblem('approval_own', {
  status: 403,
  meaning: 'Nobody decides on what they asked for themselves.',
  todo: 'Somebody else with `approval:decide` does.',
});
