export { type ExportHead } from './export-lines.js';
export { type ExportBatch, exportOf, type LogSource, type OnFault } from './log-export.js';
export { batchOf, headOf, type Query } from './log-statements.js';
