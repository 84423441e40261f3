export { exportDetails, type ExportHead } from './export-lines.js';
export { type ExportBatch, exportOf, type LogSource, type OnFault } from './log-export.js';
export { batchOf, headOf } from './log-statements.js';
export { type Query } from '../proof/signing-keys.js';
