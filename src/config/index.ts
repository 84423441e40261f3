export { Config, ConfigError, loadConfig } from './config.js';
export { KeyRing, KeyRingError } from './key-ring.js';
