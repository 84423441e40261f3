export { ArchiveError } from './archive-error.js';
export type { Manifest } from './archive-format.js';
export { asRequested } from './entering.js';
export { type Erasure, eraseTenant } from './tenant-erase.js';
export { archiveTenant, exportTenant, type Progress } from './tenant-export.js';
export { importTenant } from './tenant-import.js';
