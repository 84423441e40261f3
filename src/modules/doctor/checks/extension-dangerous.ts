import type { Check } from '../check.js';
import { FUNCTION_NAME, OURS } from '../catalogue.js';

export const extensionDangerous: Check = {
  id: 'extension-dangerous',
  title: 'The database can run or reach what row level security does not know',
  severity: 'BLOCK',
  why: 'An untrusted language, a foreign server, a reader of pages or files or a caller of other hosts goes round every policy: they read data as bytes, or as somebody else.',
  mend: 'DROP EXTENSION ..., DROP LANGUAGE ... or DROP FOREIGN DATA WRAPPER ...; do that work outside this database.',
  asks: 'app',
  sql: `
    select 'extension ' || e.extname as object, 'it reaches files, pages, processes or other servers' as detail
      from pg_catalog.pg_extension e
     where e.extname in ('adminpack', 'amcheck', 'aws_commons', 'aws_lambda', 'aws_s3', 'azure_storage', 'dblink', 'file_fdw', 'google_ml_integration',
         'http', 'lo', 'mysql_fdw', 'old_snapshot', 'oracle_fdw', 'orafce', 'pageinspect', 'pg_background', 'pg_buffercache', 'pg_cron',
         'pg_dirtyread', 'pg_execute_server_program', 'pg_freespacemap', 'pg_logicalinspect', 'pg_net', 'pg_partman', 'pg_prewarm', 'pg_repack', 'pg_squeeze',
         'pg_stat_statements', 'pg_surgery', 'pg_tle', 'pg_visibility', 'pg_walinspect', 'pgrowlocks', 'pgstattuple', 'pldbgapi', 'plprofiler', 'plrust',
         'plsh', 'postgres_fdw', 'redis_fdw', 'sslinfo', 'tds_fdw', 'wrappers', 'xml2')
    union all
    select 'language ' || l.lanname, 'it is not trusted: what is written in it is bound by nothing'
      from pg_catalog.pg_language l where not l.lanpltrusted and l.lanname not in ('internal', 'c')
    union all
    select 'foreign data wrapper ' || w.fdwname, 'it reaches other servers or files' from pg_catalog.pg_foreign_data_wrapper w
    union all
    select ${FUNCTION_NAME}, 'it is written in ' || l.lanname || ' and belongs to no extension'
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
     where (${OURS} or p.oid >= 16384) and not l.lanpltrusted and n.nspname <> 'information_schema'
       and not exists (select from pg_catalog.pg_depend d
                        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')`,
};
