import type { Planted } from '../planted.js';

export const planted: Planted = [
  { name: 'another server', plant: 'create extension dblink schema crypto', object: 'extension dblink' },
  { name: 'pages as bytes', plant: 'create extension pageinspect schema crypto', object: 'extension pageinspect' },
  { name: 'a foreign data wrapper', plant: 'create foreign data wrapper loose', object: 'foreign data wrapper loose' },
  {
    name: 'a language that nothing binds',
    plant: 'create language loose handler plpgsql_call_handler',
    object: 'language loose',
  },
  {
    name: 'a door to the inside of the server',
    plant: `create function app.read(text) returns text language internal as 'pg_read_file_all'`,
    object: 'app.read(text)',
    detail: /internal/,
  },
];
