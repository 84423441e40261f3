/** Where a row of the demo is planted: what it may speak of. */
export interface DemoHere {
  /** of the tenant: what it sells */
  readonly goods: readonly string[];
  /** whom it sells to */
  readonly customers: readonly string[];
  /** the id of the n-th row of another kind in the same tenant; numbers beyond the last start again */
  readonly idOf: (resource: string, n: number) => string;
}

/** Columns and values of the n-th row, without tenant and owner: the same at every first start, and invented. */
export type DemoRow = (n: number, here: DemoHere) => Readonly<Record<string, unknown>>;

export interface DemoRows {
  /** how many a tenant gets */
  readonly count: number;
  readonly row: DemoRow;
}
