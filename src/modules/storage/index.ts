export {
  ANTIVIRUS,
  ContentNotScannableError,
  type Scanner,
  ScannerUnavailableError,
  type Verdict,
} from './antivirus/scanner.js';
export { newObjectKey } from './drivers/object-key.js';
export * from './drivers/storage-driver.js';
export { ChecksumMismatchError, SizeMismatchError } from './drivers/measure.js';
export { ALLOWED_TYPES } from './inspection/content-types.js';
export { assertAllowedType, type Announced, inspect } from './inspection/inspect.js';
export { StorageModule } from './storage.module.js';
