/** As schema.json has them. */
export interface ResourceOptions {
  name: string;
  fields?: string[];
  path?: string;
  plural?: string;
  belongsTo?: string;
  visibility?: boolean;
  files?: boolean;
  aal2Writes?: boolean;
}
