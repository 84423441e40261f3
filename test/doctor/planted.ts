/** A weakening that is planted in a transaction which is rolled back, and what the check must then name. */
export interface Defect {
  /** what it is: 'FORCE is lifted from a table' */
  name: string;
  /** SQL of the administrator; several statements are fine */
  plant?: string;
  /** for what no SQL can plant, as the version of the server: the check's SQL made to ask about that */
  asked?: (sql: string) => string;
  /** the object of the finding that must appear */
  object: string | RegExp;
  /** what its detail must say, where one check finds several things */
  detail?: RegExp;
}

/** `test/doctor/planted/<id of the check>.ts` exports one as `planted`. */
export type Planted = readonly Defect[];
