export * from './describe-error.js';
export * from './domain-error.js';
export * from './problem.js';
export * from './problems.js';
