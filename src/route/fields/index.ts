export * from './choices.js';
export * from './lists.js';
export * from './numbers.js';
export * from './text.js';
export * from './times.js';
