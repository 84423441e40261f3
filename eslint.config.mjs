import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/*
 * Rules about names and single files. Who may import whom is in .dependency-cruiser.cjs; formatting is Prettier's alone.
 * CONTRIBUTING.md says what each of the house's own rules protects.
 */

const TYPESCRIPT = ['**/*.ts'];

// --- Names that only one place may import -------------------------------------------------------------------------

const pipelineOnly = {
  name: '@nestjs/core',
  importNames: ['APP_GUARD', 'APP_INTERCEPTOR', 'APP_PIPE', 'APP_FILTER'],
  message: 'The way of a request is told in src/pipeline and nowhere else.',
};

const WAYS_AROUND = 'Only src/database and migrations touch a connection. Inject TenantDb (or AuthDb) instead.';
const databaseOnly = {
  paths: [
    {
      name: 'typeorm',
      importNames: ['DataSource', 'QueryRunner', 'createConnection', 'getConnection', 'getManager', 'getRepository'],
      message: WAYS_AROUND,
    },
  ],
  patterns: [{ group: ['pg', 'pg/*', 'pg-pool', 'pg-native', '@nestjs/typeorm'], message: WAYS_AROUND }],
};

const restrictImports = (paths, patterns = []) => ['error', { paths, patterns }];

// --- Constructs that are banned -----------------------------------------------------------------------------------

const notByMigration = {
  selector: 'Property[key.name=/^(synchronize|dropSchema)$/]:not([value.value=false])',
  message: 'The schema comes from migrations. An entity never creates, changes or drops a table.',
};
const notByMigrationQuoted = {
  selector: 'Property[key.value=/^(synchronize|dropSchema)$/]:not([value.value=false])',
  message: notByMigration.message,
};
const synchronizeCall = {
  selector: 'CallExpression[callee.property.name=/^(synchronize|dropDatabase)$/]',
  message: notByMigration.message,
};
const injectedConnection = {
  selector: 'Decorator[expression.callee.name=/^Inject(DataSource|Repository|EntityManager)$/]',
  message: WAYS_AROUND,
};
const lazyImportOfConnection = {
  selector: 'ImportExpression[source.value=/^(pg|pg-pool|pg-native|typeorm|@nestjs\\u002Ftypeorm)$/]',
  message: WAYS_AROUND,
};
const focusedTest = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name="only"]',
  message: 'A focused test switches every other one off.',
};
const SCHEMA = [notByMigration, notByMigrationQuoted, synchronizeCall];

export default defineConfig(
  {
    ignores: [
      'dist/',
      'coverage/',
      '.ringfence/',
      'bench/peers/',
      'bench/results/',
      'clients/typescript/dist/',
      'clients/typescript/src/generated/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    // Programs for Node; a name that does not exist shows when they run.
    rules: { 'no-undef': 'off' },
  },

  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise nobody awaits outlives its transaction; these three are the reason that linting is typed.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],

      // Nest's modules and controllers are classes by design, some with nothing in them.
      '@typescript-eslint/no-extraneous-class': 'off',
      // A response's class describes it for OpenAPI; services answer with plain objects of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: [{ from: 'lib', name: ['URL', 'URLSearchParams'] }] },
      ],

      'no-restricted-imports': restrictImports([pipelineOnly]),
      'no-restricted-syntax': ['error', ...SCHEMA],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },

  {
    files: ['src/**/*.ts', 'examples/**/*.ts'],
    ignores: ['examples/migrations/**'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': restrictImports([pipelineOnly, ...databaseOnly.paths], databaseOnly.patterns),
      'no-restricted-syntax': ['error', ...SCHEMA, injectedConnection, lazyImportOfConnection],
    },
  },
  {
    files: ['src/pipeline/**/*.ts'],
    rules: { 'no-restricted-imports': restrictImports(databaseOnly.paths, databaseOnly.patterns) },
  },
  {
    files: ['src/database/**/*.ts'],
    rules: {
      'no-restricted-imports': restrictImports([pipelineOnly]),
      'no-restricted-syntax': ['error', ...SCHEMA],
    },
  },

  {
    files: ['clients/typescript/src/**/*.ts', 'schematics/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },

  {
    // Tests read JSON of unknown shape, hand methods to expect(), and are as long as the story they tell.
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-imports': restrictImports([pipelineOnly]),
      'no-restricted-syntax': ['error', ...SCHEMA, focusedTest],
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
