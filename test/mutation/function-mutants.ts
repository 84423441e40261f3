import type pg from 'pg';
import type { Mutant } from './mutant.js';

/** Where it is written down that a refusal was reached: a sequence does not forget what is rolled back. */
export const sequenceOf = (number: number): string => `mutation.reached_${number}`;

const REFUSAL = /\b((?:els)?if)\b\s+((?:(?!\bthen\b)[^])+?)\s+\bthen\s+raise\b/gi;

/** Functions and triggers as the catalogue has them; procedures run in migrations only. */
export const FUNCTIONS = `
  select f.oid::regprocedure::text as name, f.proname::text as plain, pg_get_functiondef(f.oid) as text
    from pg_proc f join pg_language l on l.oid = f.prolang and l.lanname = 'plpgsql'
   where f.pronamespace in ('app'::regnamespace, 'auth'::regnamespace) and f.prokind = 'f' order by 1`;

export interface Definition {
  name: string;
  plain: string;
  text: string;
}

/** A condition under which a function of the database refuses never holds. */
export async function functionMutants(template: pg.Client): Promise<Mutant[]> {
  const { rows } = await template.query<Definition>(FUNCTIONS);
  return rows.flatMap(({ name, plain, text }) =>
    [...text.matchAll(REFUSAL)].map((found, n): Mutant => {
      const [whole, word = '', condition = ''] = found;
      const [from, to] = [found.index, found.index + whole.length];
      const never = `${word} false and (${condition}) then raise`;
      const watched = (number: number): string =>
        `${word} (${condition}) and pg_catalog.nextval('${sequenceOf(number)}') > 0 then raise`;
      return {
        id: `refusal of a function: ${name} ${n + 1}: ${whole.replace(/\s+/g, ' ').slice(0, 90)}`,
        kind: 'refusal of a function',
        about: [plain],
        sql: text.slice(0, from) + never + text.slice(to),
        watch: { in: 'database', of: name, change: (number) => ({ from, to, by: watched(number) }) },
      };
    }),
  );
}
