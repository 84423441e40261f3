import type { Planted } from '../planted.js';

const server =
  (number: string, name: string) =>
  (sql: string): string =>
    sql
      .replace("pg_catalog.current_setting('server_version_num')", `'${number}'`)
      .replace("pg_catalog.current_setting('server_version')", `'${name}'`);

export const planted: Planted = [
  {
    name: 'an old minor release',
    asked: server('180001', '18.1 (Debian 18.1-1)'),
    object: 'PostgreSQL 18.1',
    detail: /at least 18\.\d+ of 2026/,
  },
  {
    name: 'an older major version',
    asked: server('170099', '17.99'),
    object: 'PostgreSQL 17.99',
    detail: /18 or later/,
  },
  { name: 'a beta', asked: server('190000', '19beta3'), object: 'PostgreSQL 19beta3', detail: /no release/ },
];
