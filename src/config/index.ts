export { Config, ConfigError, loadConfig, VARIABLES } from './config.js';
export { KeyRing, KeyRingError } from './key-ring.js';
