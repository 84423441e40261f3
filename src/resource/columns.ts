/** Of a column that the database fills: from the request's context, from the clock, or by a trigger. Never by us. */
export const DRAWN = { insert: false, update: false } as const;
