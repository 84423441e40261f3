export { Recurring } from './recurring.js';
export { Trouble } from './trouble.js';
