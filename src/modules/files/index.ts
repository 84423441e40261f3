export { FileActions } from './files.actions.js';
export { FilesModule } from './files.module.js';
export { FilePermissions } from './files.permissions.js';
