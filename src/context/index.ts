export * from './clock.js';
export * from './request-context.js';
