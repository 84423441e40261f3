/*
 * Who may import whom. The house has floors, and a file imports only what lies below its own:
 *
 *     app.module, core.module  >  pipeline  >  modules  >  route, database, resource  >  context  >  config, errors, upkeep
 *
 * audit-verifier stands beside it: an auditor's program in one file, which shares nothing with what it checks.
 * The entries (main, worker, cli) and src/start put the house together and may reach into all of it.
 * Names within a package (typeorm's DataSource, Nest's APP_GUARD) are eslint.config.mjs's business.
 */

const ENTRIES = '^src/(start/|main\\.ts$|worker\\.ts$|cli\\.ts$)';
const ROOT_MODULES = '^src/((app|core)\\.module|resource-modules)\\.ts$';
const FLOORS = '^src/(pipeline|modules|route|database|resource|context|config|errors|upkeep|audit-verifier)/';
const SPECS = '\\.spec\\.ts$';

/** A floor imports itself and the floors named, and nothing else of ours. */
const floor = (name, ...below) => ({
  name: `floor-${name}`,
  severity: 'error',
  comment: `src/${name} imports ${below.length ? `only ${below.join(', ')}` : 'no other floor'}.`,
  from: { path: `^src/${name}/`, pathNot: SPECS },
  to: { path: '^src/', pathNot: [name, ...below].map((folder) => `^src/${folder}/`) },
});

module.exports = {
  forbidden: [
    floor('pipeline', 'modules', 'route', 'database', 'resource', 'context', 'config', 'errors', 'upkeep'),
    floor('modules', 'route', 'database', 'resource', 'context', 'config', 'errors', 'upkeep'),
    floor('route', 'context', 'config', 'errors'),
    floor('database', 'context', 'config', 'errors'),
    floor('context', 'config', 'errors'),
    floor('resource'),
    floor('config'),
    floor('errors'),
    floor('upkeep'),
    {
      name: 'auditors-need-node-alone',
      severity: 'error',
      comment:
        'The verifier is handed to auditors as one file. What it would import, they would have to trust as well.',
      from: { path: '^src/audit-verifier/' },
      to: { dependencyTypesNot: ['core'] },
    },
    {
      name: 'client-needs-nothing',
      severity: 'error',
      comment:
        'The client is installed by partners: what it imports, they get as well, and nothing of ours goes there.',
      from: { path: '^clients/typescript/src/' },
      to: { pathNot: '^clients/typescript/src/' },
    },
    {
      name: 'floor-root-modules',
      severity: 'error',
      comment: 'app.module and core.module assemble floors. Starting, seeding and printing stand above them.',
      from: { path: ROOT_MODULES },
      to: { path: ENTRIES },
    },
    {
      name: 'no-folder-without-a-floor',
      severity: 'error',
      comment: 'A new folder of src needs a place among the floors: add it here, and say why in docs/adr.',
      from: { path: '^src/', pathNot: [FLOORS, ENTRIES, ROOT_MODULES, SPECS] },
      to: {},
    },
    {
      name: 'only-through-the-door',
      severity: 'error',
      comment: "Another feature's inside is its own; its index.ts says what it gives away.",
      from: { path: '^src/modules/([^/]+)/', pathNot: SPECS },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'only-through-the-door-of-a-module',
      severity: 'error',
      comment: 'The pipeline and the root modules use features through their index.ts, too.',
      from: { path: '^src/', pathNot: ['^src/modules/', ENTRIES, SPECS] },
      to: { path: '^src/modules/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
    },
    {
      name: 'only-through-the-door-of-a-floor',
      severity: 'error',
      comment: 'A lower floor is used through its index.ts. The unfenced client has a rule of its own.',
      from: { path: '^src/([^/]+)', pathNot: [ENTRIES, SPECS] },
      to: {
        path: '^src/(route|database|resource|context|config|errors|upkeep)/',
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/database/service-client\\.ts$'],
      },
    },
    {
      name: 'unfenced-client-by-name',
      severity: 'error',
      comment: 'The service role sees every tenant: only the platform module and the entries use it.',
      from: { path: '^src/', pathNot: ['^src/database/', '^src/modules/platform/', ENTRIES, SPECS] },
      to: { path: '^src/database/service-client\\.ts$' },
    },
    {
      name: 'platform-stands-alone',
      severity: 'error',
      comment:
        "The platform module holds the service role: no feature and no floor leans on it, app.module mounts it. A feature's " +
        'operators’ side is one file, <feature>.platform.ts, so that a reviewer finds them all by name.',
      from: {
        path: '^(src|examples)/',
        pathNot: ['^src/modules/platform/', '\\.platform\\.ts$', '^src/app\\.module\\.ts$', ENTRIES, SPECS],
      },
      to: { path: '^src/modules/platform/' },
    },
    {
      name: 'operators-side-is-mounted-only',
      severity: 'error',
      comment:
        "A feature's operators' side is mounted by app.module, by way of the feature's index.ts; nothing calls it.",
      from: { path: '^(src|examples)/', pathNot: ['/index\\.ts$', SPECS] },
      to: { path: '\\.platform\\.ts$' },
    },
    {
      name: 'examples-are-features',
      severity: 'error',
      comment: 'An example imports what a feature may: other features and the floors below, each through its index.ts.',
      from: { path: '^examples/' },
      to: {
        path: '^(src|migrations|test|bench|scripts)/',
        pathNot: '^src/(modules/[^/]+|route|database|resource|context|config|errors|upkeep)/index\\.ts$',
      },
    },
    {
      name: 'embedded-server-for-start-only',
      severity: 'error',
      comment: 'The embedded PostgreSQL is for development: the entries may start it, no floor above database may.',
      from: { path: '^(src|migrations)/', pathNot: ['^src/database/', ENTRIES, SPECS] },
      to: { path: '^src/database/embedded/' },
    },
    {
      name: 'controllers-call-services',
      severity: 'error',
      comment: 'A controller that calls a repository skips the rules that its service keeps.',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.repository\\.ts$' },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      comment:
        'What a past migration did must not change with the code of today: it is SQL, and calls no code of ours.',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'migrations-for-the-database-only',
      severity: 'error',
      comment: 'The list of migrations is read where the database is migrated and checked.',
      from: { path: '^src/', pathNot: ['^src/database/', ENTRIES, SPECS] },
      to: { path: '^migrations/' },
    },
    {
      name: 'production-without-tests',
      severity: 'error',
      comment: 'What ships does not know its tests, its benchmarks or its scripts.',
      from: { path: '^(src/|migrations/|ormconfig\\.ts$)', pathNot: SPECS },
      to: { path: ['^(test|bench|scripts|docs|docker|clients|examples)/', SPECS] },
    },
    {
      name: 'production-dependencies',
      severity: 'error',
      comment: 'The image holds no dev dependencies. Types are gone by then and may come from one.',
      from: { path: '^(src/|migrations/|ormconfig\\.ts$)', pathNot: SPECS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'Files that need each other, be it for a type, are one file or lack a third.',
      from: { pathNot: '^clients/typescript/src/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'An import that leads nowhere: a typo, a missing .js, or a package that is not installed.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // type imports count: a type from above is knowledge of what is above
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
