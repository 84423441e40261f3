/**
 * The fence and the right to read as everywhere, and nobody who writes but ringfence_derive, which only adds: for a table of
 * the audit log that was just made. `options` are further ones of app.protect_table.
 */
export const appendOnly = (table: string, options = ''): string => `
  call app.protect_table('${table}', 'audit', p_commands => '{select}',
    p_fence_to => 'ringfence_owner, ringfence_app, ringfence_auth'${options});
  revoke insert, update, delete on ${table} from ringfence_service;
  grant select, insert on ${table} to ringfence_derive;
  create policy derive_reads on ${table} for select to ringfence_derive using (true);
  create policy derive_inserts on ${table} for insert to ringfence_derive with check (true);
  drop trigger a_tenant_is_immutable on ${table};
  create trigger append_only before update or delete on ${table} for each row execute function app.refuse_change();
  alter table ${table} enable always trigger append_only;
  create trigger no_truncate before truncate on ${table} for each statement execute function app.refuse_change();
  alter table ${table} enable always trigger no_truncate;
  call app.hide_statistics('${table}');`;
