import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a copy of each row that is written',
    plant:
      'create table app.copies (like app.deals); create rule copy as on insert to app.deals do also insert into app.copies values (new.*)',
    object: 'app.deals.copy',
    detail: /ON INSERT DO ALSO/,
  },
  {
    name: 'deletes that do nothing',
    plant: 'create rule keep as on delete to app.roles do instead nothing',
    object: 'app.roles.keep',
    detail: /ON DELETE DO INSTEAD/,
  },
  {
    name: 'on a view',
    plant:
      'create view app.all_deals as select * from app.deals; create rule change as on update to app.all_deals do instead update app.deals set title = new.title where id = old.id',
    object: 'app.all_deals.change',
  },
];
