/** A protection taken out, alone: by a statement on the template database, or by a change of one file. */
export interface Mutant {
  /** the same at every run: `policy app.deals fence` */
  id: string;
  kind: string;
  /** words by which specs that are likely to notice are found */
  about: string[];
  sql?: string;
  change?: { file: string; from: number; to: number; by: string };
}

/** What came of it: the spec that went red, or none. */
export interface Outcome {
  id: string;
  kind: string;
  noticedBy: string | null;
}
