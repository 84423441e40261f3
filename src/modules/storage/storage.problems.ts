import { defineProblem } from '../../errors/index.js';

const ANNOUNCED = ['addFileVersion', 'createFile'];
const COMPLETED = ['completeFile'];

// what is stored

export const contentTypeNotAllowed = defineProblem('content_type_not_allowed', {
  status: 422,
  meaning: 'Files of this type are not stored.',
  todo: 'Send a type that the API document lists for `contentType`.',
  operations: [...ANNOUNCED, ...COMPLETED],
});

export const contentTypeMismatch = defineProblem('content_type_mismatch', {
  status: 422,
  meaning: 'The content is not of the type that was announced.',
  todo: 'Announce it anew, with its true type.',
  operations: COMPLETED,
});

export const contentIncomplete = defineProblem('content_incomplete', {
  status: [400, 422],
  meaning: 'The content is shorter than was announced.',
  todo: 'Send all of it, or announce the file anew with its true size.',
  operations: COMPLETED,
});

export const checksumMismatch = defineProblem('checksum_mismatch', {
  status: [400, 422],
  meaning: 'The content is not the one whose SHA-256 was announced.',
  todo: 'Send it again; if that does not help, announce the file anew.',
  operations: COMPLETED,
});

export const invalidParts = defineProblem('invalid_parts', {
  status: 409,
  meaning: 'A part is missing, too small, or not the one that was named.',
  todo: 'Send that part again, and name each with the ETag that it was answered with.',
  operations: COMPLETED,
});

export const contentNotScannable = defineProblem('content_not_scannable', {
  status: 422,
  meaning: 'The content is larger than the antivirus scanner takes.',
  todo: 'Send a smaller file.',
});

// what it depends on

export const storageUnavailable = defineProblem('storage_unavailable', {
  status: 503,
  meaning: 'The store of files does not answer.',
  todo: 'Try again after Retry-After seconds.',
  extras: { retryAfterSeconds: 5 },
});

export const scannerUnavailable = defineProblem('scanner_unavailable', {
  status: 503,
  meaning: 'The antivirus scanner does not answer.',
  todo: 'Try again after Retry-After seconds.',
  extras: { retryAfterSeconds: 5 },
});

// the signed URLs of a store on disk; a store of objects answers in its own way

export const signatureInvalid = defineProblem('signature_invalid', {
  status: 403,
  meaning: 'This URL has expired, or is not one that was given out.',
  todo: 'Ask for a new one: announce the upload, or ask for the download, again.',
});

export const contentTypeNotSigned = defineProblem('content_type_not_signed', {
  status: 403,
  meaning: 'The Content-Type is not the one that the upload was made for.',
  todo: 'Send the headers that the announcement answered with.',
});

export const uploadUnderWay = defineProblem('upload_under_way', {
  status: 409,
  meaning: 'The same upload is under way.',
  todo: 'Wait for its end, or end it.',
});

export const tooManyTransfers = defineProblem('too_many_transfers', {
  status: 429,
  meaning: 'Too many transfers are under way.',
  todo: 'Try again when some are done.',
  extras: { retryAfterSeconds: 5 },
});
