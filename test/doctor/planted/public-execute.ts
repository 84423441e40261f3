import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a function that was not closed',
    plant: `create function app.loose() returns int language sql return 1; grant execute on function app.loose() to public`,
    object: 'app.loose()',
  },
  {
    name: 'a procedure',
    plant: `create procedure auth.loose() language sql begin atomic select 1; end`,
    object: 'auth.loose()',
  },
  {
    name: 'a reader of the context',
    plant: 'grant execute on function app.context() to public',
    object: 'app.context()',
  },
  {
    name: 'an extension in a schema that is open',
    plant: 'grant usage on schema crypto to ringfence_app',
    object: /^crypto\.gen_random_bytes/,
  },
  {
    name: 'default privileges that are as PostgreSQL has them',
    plant: 'alter default privileges for role ringfence_owner grant execute on functions to public',
    object: 'default privileges of ringfence_owner',
  },
];
