import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'at the end of each command',
    plant: `create function app.loose() returns event_trigger language plpgsql as $$ begin end $$;
      create event trigger watch on ddl_command_end execute function app.loose()`,
    object: 'event trigger watch',
    detail: /app\.loose/,
  },
  {
    name: 'at each sign-in',
    plant: `create function public.loose() returns event_trigger language plpgsql as $$ begin end $$;
      create event trigger watch on login execute function public.loose()`,
    object: 'event trigger watch',
    detail: /on login/,
  },
];
