export { DRAWN } from './columns.js';
export type { DemoHere, DemoRow, DemoRows } from './demo.js';
export { defineResource, type Resource, resources } from './resource.js';
