export { canonicalEmail } from '../../../route/index.js';
