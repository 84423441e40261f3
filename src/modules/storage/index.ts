export {
  ANTIVIRUS,
  ContentNotScannableError,
  type Scanner,
  ScannerUnavailableError,
  type Verdict,
} from './antivirus/scanner.js';
export { defineStorageDriver, type StorageOpener, type StorageParts } from './drivers/define-driver.js';
export { OBJECTS_PATH, SignedUrls } from './drivers/disk/signed-urls.js';
export { assertKey, assertPrefix, newObjectKey } from './drivers/object-key.js';
export * from './drivers/storage-driver.js';
export { ChecksumMismatchError, Measure, SizeMismatchError } from './drivers/measure.js';
export { ALLOWED_TYPES, dispositionOf, servedType } from './inspection/content-types.js';
export { assertAllowedType, type Announced, inspect } from './inspection/inspect.js';
export { signatureInvalid } from './storage.problems.js';
export { StorageModule } from './storage.module.js';
