/* Every store that STORAGE_DRIVER may name. */
import './disk/define.js';
import './s3/define.js';

export { storageParts } from './define-driver.js';
