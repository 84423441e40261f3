/** BLOCK: isolation is broken or can be lifted, and no server serves on it. FIX: a layer is missing that ought to be there. */
export type Severity = 'BLOCK' | 'FIX';

/** One question to the live catalogue. `docs/doctor/<id>.md` is its page. */
export interface Check {
  /** kebab-case, as the file and the page are called */
  id: string;
  /** what is wrong where it finds something: 'Row level security is off or not forced' */
  title: string;
  severity: Severity;
  /** what somebody could do if this were left, in a sentence */
  why: string;
  /** what to do about a finding, in a sentence */
  mend: string;
  /** the least role whose connection sees enough: a server judges itself by 'app' checks that BLOCK, as ringfence_app */
  asks: 'app' | 'service';
  /** left out at the start of a server: it reads the text of every function, which takes longer than all other checks */
  atBoot?: false;
  /**
   * One SELECT without parameters and without a semicolon. A row `(object text, detail text)` is a finding, no row is a
   * pass. It reads the catalogue and no list of ours, and names roles as what they are called: who runs it need not be
   * who it is about. It runs with an empty search_path: `regclass`, `regprocedure` and pg_get_expr print names with
   * their schema, and so do findings.
   */
  sql: string;
  /** `sql` answers no findings but SELECTs, one a row as `statement`; each is run as `sql` is, and answers findings. */
  scan?: true;
}

/** Whether it is judged at every start of a server, which refuses to serve on what it finds. */
export const isAtBoot = ({ asks, severity, atBoot }: Check): boolean =>
  asks === 'app' && severity === 'BLOCK' && atBoot !== false;

/** What a check found. */
export interface Finding {
  /** as SQL names it: `app.deals`, `app.deals.tenant_id`, `app.may(text)` */
  object: string;
  detail: string;
}
