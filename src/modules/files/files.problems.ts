import { defineProblem } from '../../errors/index.js';

export const fileTooLarge = defineProblem('file_too_large', {
  status: 422,
  meaning: 'This installation does not store files of this size.',
  todo: 'Send a smaller one; `detail` says how large it may be.',
  operations: ['addFileVersion', 'createFile'],
});

export const fileLost = defineProblem('file_lost', {
  status: [409, 410],
  meaning: 'The bytes of this version were there, and are lost.',
  todo: 'Upload them again as a new version.',
  operations: ['completeFile', 'downloadFile'],
});

export const partsMismatch = defineProblem('parts_mismatch', {
  status: 422,
  meaning: 'The parts of an upload in parts are not named, or those of another upload are.',
  todo: 'Send `parts` for an upload in parts, and only then.',
  operations: ['completeFile'],
});

export const notUploaded = defineProblem('not_uploaded', {
  status: 409,
  meaning: 'Nothing has been uploaded yet.',
  todo: 'Send the bytes to the URL of the upload first.',
  operations: ['completeFile'],
});
