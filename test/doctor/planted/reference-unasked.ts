import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a new key whose migration forgot the call',
    plant: `create table app.notes (tenant_id uuid, deal_id uuid, foreign key (tenant_id, deal_id) references app.deals (tenant_id, id));
      grant insert (deal_id) on app.notes to ringfence_app`,
    object: 'app.notes.deal_id',
    detail: /^ringfence_app may insert it, .*app\.deals$/,
  },
  {
    name: 'a column that may be changed, and is asked for when it is made alone',
    plant: 'drop trigger d_project_id_changed on app.tickets',
    object: 'app.tickets.project_id',
    detail: /may update it/,
  },
  {
    name: 'a trigger that replication passes by',
    plant: 'alter table app.tickets enable trigger d_project_id_made',
    object: 'app.tickets.project_id',
    detail: /may insert it/,
  },
  {
    name: 'a trigger that asks for another table',
    plant: `drop trigger d_project_id_made on app.tickets;
      create trigger d_project_id_made before insert on app.tickets for each row when (new.project_id is not null)
        execute function app.names_what_is_seen('project_id', 'app.deals');
      alter table app.tickets enable always trigger d_project_id_made`,
    object: 'app.tickets.project_id',
    detail: /may insert it/,
  },
];
