import { defineResource } from '../../resource/index.js';
import { Ticket } from './ticket.entity.js';

defineResource('ticket', 'app.tickets', {
  entity: Ticket,
  chapter: {
    tag: 'Tickets',
    description: 'Tickets. All members of the tenant share them.',
  },
  columns: ['tenant_id', 'id', 'version', 'created_at', 'updated_at', 'title', 'body', 'project_id'],
  refersTo: ['project'],
  demo: {
    count: 12,
    row: (n, { goods, customers, idOf }) => ({
      title: `${goods[n % goods.length]} for ${customers[(n * 7) % customers.length]}`,
      body: `About ${goods[n % goods.length]}: ${customers[(n * 7) % customers.length]} asks for a word by Friday.`,
      project_id: n % 3 === 0 ? null : idOf('project', n),
    }),
  },
});
