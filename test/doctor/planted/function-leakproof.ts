import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a function of the owner',
    plant: `create function app.peek(t text) returns boolean language plpgsql leakproof as $$ begin raise notice '%', t; return true; end $$;
      alter function app.peek(text) owner to ringfence_owner`,
    object: 'app.peek(text)',
    detail: /ringfence_owner/,
  },
  {
    name: 'LIKE, for the sake of an index',
    plant: 'alter function pg_catalog.textlike(text, text) leakproof',
    object: 'pg_catalog.textlike(text, text)',
  },
  {
    name: 'a cast that fails by quoting the text',
    plant: 'alter function pg_catalog.uuid_in(cstring) leakproof',
    object: 'pg_catalog.uuid_in(cstring)',
  },
  {
    name: 'one of a schema of its own',
    plant: `create schema tools; create function tools.same(a int, b int) returns boolean language sql leakproof return a = b`,
    object: 'tools.same(integer, integer)',
  },
];
