import {
  ChoiceField,
  ObjectsField,
  PageQuery,
  PatternField,
  TextField,
  UuidField,
  WholeNumberField,
  WholeNumberParameter,
} from '../../../route/index.js';
import { OBJECT_BYTES_AT_MOST } from '../../storage/index.js';

/** As many as one answer has URLs for. */
export const UPLOAD_PARTS_AT_MOST = 1_000;
const VERSIONS_AT_MOST = 999_999_999;

/** What of the bytes is known before they come. */
export class VersionRequest {
  @TextField({ max: 127, example: 'application/pdf', description: 'Type and subtype, in lower case.' })
  contentType!: string;

  @WholeNumberField({ min: 0, max: OBJECT_BYTES_AT_MOST, example: 48213, description: 'Bytes.' })
  size!: number;

  @PatternField({
    pattern: /^[0-9a-f]{64}$/,
    form: '64 hexadecimal digits in lower case',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    description: 'SHA-256 of the whole.',
  })
  sha256!: string;

  @WholeNumberField({
    min: 1,
    max: UPLOAD_PARTS_AT_MOST,
    optional: true,
    description: 'To upload in parts, so many at most: each has 5 MiB or more, but the last.',
  })
  parts?: number;
}

export class CreateFileRequest extends VersionRequest {
  @PatternField({
    pattern: /^(?=.*\S)\P{Cc}{1,255}$/u,
    form: 'a name of 1 to 255 characters without control characters',
    example: 'Offer.pdf',
  })
  name!: string;

  @TextField({ max: 60, example: 'deal', description: 'Kind of the record that the file belongs to.' })
  resourceType!: string;

  @UuidField({ description: 'The record: who sees it sees the file.' })
  resourceId!: string;
}

export class UploadedPart {
  @WholeNumberField({ min: 1, max: UPLOAD_PARTS_AT_MOST })
  number!: number;

  @TextField({ max: 200, description: 'The ETag that its upload was answered with.' })
  etag!: string;
}

export class CompleteFileRequest {
  @WholeNumberField({ min: 1, max: VERSIONS_AT_MOST, optional: true, description: 'Default: the latest.' })
  version?: number;

  @ObjectsField(UploadedPart, {
    max: UPLOAD_PARTS_AT_MOST,
    optional: true,
    description: 'Of an upload in parts: all of them.',
  })
  parts?: UploadedPart[];
}

export class ListFilesQuery extends PageQuery {
  @TextField({ max: 60, optional: true, description: 'Only of this record; with resourceId.' })
  resourceType?: string;

  @UuidField({ optional: true, description: 'Only of this record; with resourceType.' })
  resourceId?: string;
}

export class ListVersionsQuery extends PageQuery {}

export class DownloadQuery {
  @WholeNumberParameter({
    min: 1,
    max: VERSIONS_AT_MOST,
    optional: true,
    description: 'Default: the latest that is ready.',
  })
  version?: number;

  @ChoiceField(['true', 'false'], {
    optional: true,
    default: 'false',
    description:
      'Shown by the browser instead of saved, where the type is safe to show: PDF, and pictures of a few types.',
  })
  inline: 'true' | 'false' = 'false';
}

export class FilePath {
  @UuidField({ description: 'The file.' })
  id!: string;
}
