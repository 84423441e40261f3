import { defineResource } from '../../resource/index.js';
import { Deal, DEAL_STAGES } from './deal.entity.js';

const DEMO_VISIBILITIES = ['public', 'controlled', 'public', 'private'];

defineResource('deal', 'app.deals', {
  entity: Deal,
  chapter: {
    tag: 'Deals',
    description: 'What is being sold. A deal has an owner, who says who sees it.',
  },
  columns: [
    'tenant_id',
    'id',
    'owner_id',
    'owner_role_id',
    'visibility',
    'version',
    'created_at',
    'updated_at',
    'title',
    'amount',
    'currency',
    'stage',
  ],
  demo: {
    count: 36,
    row: (n, { goods, customers }) => ({
      title: `${goods[n % goods.length]} for ${customers[(n * 7) % customers.length]}`,
      amount: (1_000 + ((n * 3_217) % 90_000) + 0.5 * (n % 2)).toFixed(2),
      currency: n % 5 === 0 ? 'USD' : 'EUR',
      stage: DEAL_STAGES[n % DEAL_STAGES.length],
      visibility: DEMO_VISIBILITIES[Math.floor(n / 3) % DEMO_VISIBILITIES.length],
    }),
  },
});
