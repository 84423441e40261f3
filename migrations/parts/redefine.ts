/** The definition of one function among those of an earlier migration, to be put in place of what it is now. */
export function definition(sql: string, name: string): string {
  const from = sql.indexOf(`create function ${name}(`);
  const text = sql.slice(from, sql.indexOf('end $$;', from) + 'end $$;'.length);
  return text.replace('create function', 'create or replace function');
}

/** As 0027 has it: what a job does is a job's in the audit log, and not its person's alone. */
export const asJob = (sql: string): string =>
  sql.replaceAll(`'user', me.user_id`, `case when me.job_id is null then 'user' else 'job' end, me.user_id`);
