/** A protection taken out, alone: by a statement on the template database, or by a change of one file. */
export interface Mutant {
  /** the same at every run: `policy app.deals fence` */
  id: string;
  kind: string;
  /** words by which specs that are likely to notice are found */
  about: string[];
  sql?: string;
  change?: Change;
  /** tells when it is reached, in the same place: a spec during which it never is cannot notice that it is gone */
  watch?: Watch;
}

export interface Change {
  file: string;
  from: number;
  to: number;
  by: string;
}

/** A condition of a refusal in a file, or in the definition of a function of the database. */
export type Watch = { in: 'code'; change: (number: number) => Change } | { in: 'database'; of: string; change: (number: number) => Omit<Change, 'file'> }; // prettier-ignore

/** What came of it: the spec that went red, or none. */
export interface Outcome {
  id: string;
  kind: string;
  noticedBy: string | null;
}
