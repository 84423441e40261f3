import type { Planted } from '../planted.js';

const object = 'app.ticket_comments.ticket_id';
const policy = (as: string, rule: string, check = `with check (${RULE})`): string =>
  `drop policy follows_parent on app.ticket_comments;
   create policy follows_parent on app.ticket_comments ${as} to ringfence_app using (${rule}) ${check}`;
const RULE =
  'ticket_id is null or (select true from app.tickets p where p.tenant_id = ticket_comments.tenant_id and p.id = ticket_comments.ticket_id)';

export const planted: Planted = [
  {
    name: 'no policy',
    plant: 'drop policy follows_parent on app.ticket_comments',
    object,
    detail: /no restrictive policy follows_parent/,
  },
  { name: 'a permissive one', plant: policy('as permissive for all', RULE), object, detail: /restrictive/ },
  {
    name: 'one that is for reading alone',
    plant: policy('as restrictive for select', RULE, ''),
    object,
    detail: /for all/,
  },
  { name: 'one that lets everything through', plant: policy('as restrictive', `true or ${RULE}`), object },
  {
    name: 'one that writes by something else',
    plant: 'alter policy follows_parent on app.ticket_comments with check (true)',
    object,
  },
  {
    name: 'one that does not bind the application',
    plant: 'alter policy follows_parent on app.ticket_comments to ringfence_derive',
    object,
  },
  {
    name: 'no trigger on what is made',
    plant: 'drop trigger d_ticket_id_made on app.ticket_comments',
    object,
    detail: /d_ticket_id_made/,
  },
  {
    name: 'a trigger on changes that replication passes by',
    plant: 'alter table app.ticket_comments enable trigger d_ticket_id_changed',
    object,
    detail: /d_ticket_id_changed/,
  },
  {
    name: 'a trigger that asks for another table',
    plant: `drop trigger d_ticket_id_made on app.ticket_comments;
      create trigger d_ticket_id_made before insert on app.ticket_comments for each row when (new.ticket_id is not null)
        execute function app.names_what_is_seen('ticket_id', 'app.projects');
      alter table app.ticket_comments enable always trigger d_ticket_id_made`,
    object,
    detail: /d_ticket_id_made/,
  },
  {
    name: 'a new table whose migration forgot the call',
    plant: `create table app.notes (tenant_id uuid not null, id uuid, "deal Id" uuid not null,
        foreign key (tenant_id, "deal Id") references app.deals (tenant_id, id) on delete cascade);
      grant insert (id) on app.notes to ringfence_app`,
    object: 'app.notes."deal Id"',
    detail: /follows_parent/,
  },
];
