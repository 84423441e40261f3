export * from './access.js';
export * from './canonical-email.js';
export * from './etag.js';
export * from './fields.js';
export * from './paging.js';
export * from './permission.js';
export * from './problems.js';
export * from './reply.js';
