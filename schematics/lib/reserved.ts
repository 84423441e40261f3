const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** PostgreSQL 18: what `pg_get_keywords()` has as reserved, also where functions or types may have the name. */
const SQL = words(`
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`);

/** ECMAScript and TypeScript, in modules. */
const SCRIPT = words(`
  abstract any arguments as assert async await boolean break case catch class const constructor continue debugger declare
  default delete do else enum eval export extends false finally for from function get if implements import in infer
  instanceof interface is keyof let module namespace never new null number object of package private protected public
  readonly require return set static string super switch symbol this throw true try type typeof undefined unique unknown
  var void while with yield`);

/** Names of classes that every program has, and of parts that each generated module has. */
const CLASSES = words(`
  Array Boolean Buffer Date Error Event File Function Iterator Json Map Module Number Object Page Promise Proxy Reflect
  Request Response Set String Symbol`);

const SQL_WORDS = new Set(SQL);
const SCRIPT_WORDS = new Set(SCRIPT);

/** Of a field, which is a column in SQL and a property in TypeScript, where keywords do no harm. */
export const isSqlWord = (word: string): boolean => SQL_WORDS.has(word);

/** Of a resource, which is a variable and a class as well. */
export const isScriptWord = (word: string): boolean => SCRIPT_WORDS.has(word);
export const isCommonClass = (name: string): boolean => CLASSES.includes(name);

/** Columns that every record has, or may have; `currency` is money's companion. */
export const OWN_COLUMNS: readonly string[] = [
  'id',
  'tenant_id',
  'owner_id',
  'owner_role_id',
  'visibility',
  'version',
  'created_at',
  'updated_at',
];

/** Query parameters that every list has. */
export const OWN_PARAMETERS: readonly string[] = ['limit', 'cursor'];
