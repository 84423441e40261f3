import type { Command } from './command.js';

const AUTH_DATABASE = { AUTH_DATABASE_URL: 'URL of ringfence_auth; default: the one in connections.json' };
const KEY_RING = { KEY_RING_FILE: 'the key ring that the servers read; default: keyring.json in RINGFENCE_HOME' };
const HOME = { RINGFENCE_HOME: 'folder of connections.json, demo.json and keyring.json; default .ringfence' };

const SERVICE_DATABASE = { SERVICE_DATABASE_URL: 'URL of ringfence_service; default: the one in connections.json' };
const STORE = {
  'STORAGE_DRIVER, STORAGE_DIR, S3_…': 'where files lie, as the servers have it; default: a folder of RINGFENCE_HOME',
};
const WEB = { 'WEB_URL, PUBLIC_URL': 'where the link leads, as the servers have it; default http://127.0.0.1:<PORT>' };

/** Every command. What a command needs is loaded when it runs, so that `help` answers at once. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'db bootstrap',
    summary: 'make the roles and the database on a server of your own, and write connections.json; safe to repeat',
    options: {
      database: "name of the database; default: the one in DATABASE_URL, or ringfence if that is the server's own",
    },
    variables: {
      DATABASE_URL: "an administrator's URL (a superuser), for this command only",
      'RINGFENCE_<ROLE>_PASSWORD':
        'OWNER, APP, AUTH, SERVICE; without it: the one in connections.json, or a random one',
      ...HOME,
    },
    run: async (invocation) => (await import('./db-bootstrap.js')).dbBootstrap(invocation),
  },
  {
    name: 'db migrate',
    summary: 'run the migrations that are pending',
    variables: { OWNER_DATABASE_URL: 'URL of ringfence_owner; default: the one in connections.json', ...HOME },
    run: async (invocation) => (await import('./db-schema.js')).dbMigrate(invocation),
  },
  {
    name: 'db revert',
    summary: 'take back the last migration that ran, with the rows of what it made: for databases of development',
    words: ['<migration>'],
    variables: { OWNER_DATABASE_URL: 'URL of ringfence_owner; default: the one in connections.json', ...HOME },
    run: async (invocation) => (await import('./db-schema.js')).dbRevert(invocation),
  },
  {
    name: 'db status',
    summary: 'say which migrations ran, and whether the server would serve on this database',
    variables: { APP_DATABASE_URL: 'URL of ringfence_app; default: the one in connections.json', ...HOME },
    run: async (invocation) => (await import('./db-schema.js')).dbStatus(invocation),
  },
  {
    name: 'doctor',
    summary:
      'ask the live database whether every tenant is kept apart; exit code 2 where isolation is broken or can be lifted, 1 where a layer is missing',
    options: { html: 'file that the report is written to as well, as one page for an auditor' },
    flags: { json: 'print the report as JSON' },
    variables: {
      APP_DATABASE_URL: 'URL of ringfence_app; default: the one in connections.json',
      ...SERVICE_DATABASE,
      NODE_ENV: 'production: what is allowed in development alone counts',
      ...HOME,
    },
    run: async (invocation) => (await import('./doctor.js')).doctor(invocation),
  },
  {
    name: 'keys init',
    summary: 'make a key ring file for KEY_RING_FILE; one that is there is checked and left as it is',
    words: ['<file>'],
    run: async (invocation) => (await import('./keys-init.js')).keysInit(invocation),
  },
  {
    name: 'totp',
    summary: 'print the codes of this half minute and the next, for a secret that is piped in',
    run: async (invocation) => (await import('./totp.js')).totp(invocation),
  },
  {
    name: 'keys add-ring-key',
    summary: 'add a random key to a key ring and encrypt with it from now on; those that are there stay',
    words: ['<file>'],
    flags: {
      spare: 'go on encrypting with the current one: where several servers run, all must know a key before one uses it',
    },
    run: async (invocation) => (await import('./keys-ring.js')).keysAddRingKey(invocation),
  },
  {
    name: 'keys use-ring-key',
    summary: 'encrypt with another key of a key ring from now on',
    words: ['<file>', '<id>'],
    run: async (invocation) => (await import('./keys-ring.js')).keysUseRingKey(invocation),
  },
  {
    name: 'keys rewrap',
    summary: 'encrypt with the current key of the key ring what is encrypted with an older one; safe to repeat',
    variables: { ...AUTH_DATABASE, ...KEY_RING, ...HOME },
    run: async (invocation) => (await import('./keys-rewrap.js')).keysRewrap(invocation),
  },
  {
    name: 'keys list',
    summary: 'say which keys sign and verify access tokens, and from when until when',
    variables: { ...AUTH_DATABASE, ...HOME },
    run: async (invocation) => (await import('./keys-list.js')).keysList(invocation),
  },
  {
    name: 'keys rotate',
    summary: 'make the next key that signs access tokens; it is published before it signs, and nobody notices',
    flags: {
      now: 'for a key that was stolen: the new one signs and all others are void at once. Every access token is void within a minute; refresh tokens go on, so nobody signs in anew',
    },
    variables: { ...AUTH_DATABASE, ...KEY_RING, ...HOME },
    run: async (invocation) => (await import('./keys-rotate.js')).keysRotate(invocation),
  },
  {
    name: 'tenant create',
    summary: 'make a tenant with its standard roles, and invite its first owner by mail',
    words: ['<slug>'],
    options: { name: 'what people call it', 'admin-email': 'who becomes its first owner' },
    variables: { ...SERVICE_DATABASE, ...KEY_RING, ...WEB, ...HOME },
    run: async (invocation) => (await import('./tenants.js')).tenantCreate(invocation),
  },
  {
    name: 'tenant invite-owner',
    summary:
      'invite the first owner of a tenant anew, where nobody has accepted; the link of the last mail is dead then',
    words: ['<slug>'],
    options: { 'admin-email': 'who becomes its first owner' },
    variables: { ...SERVICE_DATABASE, ...KEY_RING, ...WEB, ...HOME },
    run: async (invocation) => (await import('./tenants.js')).tenantInviteOwner(invocation),
  },
  {
    name: 'tenant list',
    summary: 'list all tenants, newest first',
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./tenants.js')).tenantList(invocation),
  },
  {
    name: 'tenant suspend',
    summary: 'refuse everybody in a tenant from their next statement on; safe to repeat',
    words: ['<slug>'],
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./tenants.js')).tenantSuspend(invocation),
  },
  {
    name: 'tenant resume',
    summary: 'let the people of a suspended tenant go on; safe to repeat',
    words: ['<slug>'],
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./tenants.js')).tenantResume(invocation),
  },
  {
    name: 'tenant quota',
    summary: 'say how much room a tenant has for files, or with a size like 20GiB change it; safe to repeat',
    words: ['<slug>', '[size]'],
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./tenant-quota.js')).tenantQuota(invocation),
  },
  {
    name: 'tenant export',
    summary: 'write a tenant into one file: all rows, files and its audit log, for another installation or for keeping',
    words: ['<slug>'],
    options: { out: 'file that it is written to: ringfence.tar.gz' },
    variables: { ...SERVICE_DATABASE, ...STORE, ...KEY_RING, ...HOME },
    run: async (invocation) => (await import('./tenant-archives.js')).tenantExport(invocation),
  },
  {
    name: 'tenant import',
    summary: 'bring a tenant from such a file into an installation that does not have it: all of it, or nothing',
    words: ['<file>'],
    variables: { ...SERVICE_DATABASE, ...STORE, ...KEY_RING, ...HOME },
    run: async (invocation) => (await import('./tenant-archives.js')).tenantImport(invocation),
  },
  {
    name: 'tenant erase',
    summary: 'erase a suspended tenant for good, and certify what went; run again after a crash, it goes on',
    words: ['<slug>'],
    options: { confirm: 'the slug once more' },
    variables: { ...SERVICE_DATABASE, ...STORE, ...KEY_RING, ...HOME },
    run: async (invocation) => (await import('./tenant-archives.js')).tenantErase(invocation),
  },
  {
    name: 'operator add',
    summary: 'let somebody use /v1/platform; who has no account gets one, and a link to set its password is printed',
    words: ['<email>'],
    variables: { ...SERVICE_DATABASE, ...WEB, ...HOME },
    run: async (invocation) => (await import('./operators.js')).operatorAdd(invocation),
  },
  {
    name: 'operator remove',
    summary: 'end that, from their next call on; the account stays',
    words: ['<email>'],
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./operators.js')).operatorRemove(invocation),
  },
  {
    name: 'audit verify',
    summary: 'check an export of an audit log, offline and without a server; names the first row that does not fit',
    words: ['<export>'],
    options: {
      checkpoint:
        'file of a checkpoint that you kept; several with commas. Shows a log rolled back with its checkpoints',
      key: "verifier key that you know to be the server's; several with commas. Default: the export's own word",
    },
    run: async (invocation) => (await import('./audit-verify.js')).auditVerify(invocation),
  },
  {
    name: 'audit export',
    summary:
      'write the audit log of a tenant, or with platform the installation’s, and all that an auditor needs to verify it',
    words: ['<slug|platform>'],
    options: { to: 'folder that it is written to' },
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./audit-export.js')).auditExport(invocation),
  },
  {
    name: 'audit erase',
    summary: 'make the names and addresses of a person in a log unreadable for good; its proofs stay as they are',
    words: ['<slug|platform>', '[user-id]'],
    flags: { all: 'of everybody in that log, instead of one person' },
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./audit-erase.js')).auditErase(invocation),
  },
  {
    name: 'audit retain',
    summary: 'drop the months of all audit logs that are too old; what proves the other rows stays',
    options: { 'keep-months': 'how many whole months stay, beside this one' },
    flags: { 'dry-run': 'say what would be dropped, and drop nothing' },
    variables: { ...SERVICE_DATABASE, ...HOME },
    run: async (invocation) => (await import('./audit-retain.js')).auditRetain(invocation),
  },
  {
    name: 'demo',
    summary: 'take the tour of the fence, against an instance that runs',
    variables: HOME,
    run: async ({ env, out }) => {
      const [{ takeTour }, { homeOf }] = await Promise.all([import('../tour/tour.js'), import('./home-of.js')]);
      return (await takeTour(homeOf(env), out)) ? 0 : 1;
    },
  },
];
