import type { FieldCode } from '../lib/field-code.ts';
import type { Names } from '../lib/names.ts';
import type { KnownResource } from '../lib/working-copy.ts';

/** What a record is part of: it is seen by whoever sees that, and goes with it. */
export interface Parent extends KnownResource {
  /** `ticket_id` and `ticketId` */
  column: string;
  property: string;
  /** `a ticket` without the article */
  words: string;
  Class: string;
  /** `/v1/tickets` */
  path: string;
}

/** All that the templates speak of. */
export interface Model extends Names {
  fields: FieldCode[];
  filters: FieldCode[];
  uniques: FieldCode[];
  enums: FieldCode[];
  emails: FieldCode[];
  references: FieldCode[];
  parent: Parent | undefined;
  owned: boolean;
  files: boolean;
  aal2: boolean;
  /** path of its collection as Nest has it, and as the template of a string */
  route: string;
  location: string;
  number: string;
  migrationClass: string;
  migrationFile: string;
  /** the paragraph that begins `Why:` */
  why: string;
  sql: string;
  tag: string;
  about: string;
  /** resources that its rows refer to */
  refersTo: string[];
  columns: string[];
}
