export { ApiKeysModule } from './api-keys.module.js';
export { KeyHolders } from './key-holders.js';
export { isKeyLike } from './key-text.js';
export { KeyUses } from './key-uses.js';
