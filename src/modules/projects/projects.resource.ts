import { defineResource } from '../../resource/index.js';
import { Project } from './project.entity.js';

defineResource('project', 'app.projects', {
  entity: Project,
  chapter: {
    tag: 'Projects',
    description: 'Projects. All members of the tenant share them.',
  },
  columns: ['tenant_id', 'id', 'version', 'created_at', 'updated_at', 'name'],
  demo: {
    count: 12,
    row: (n, { goods, customers }) => ({
      name: `${goods[n % goods.length]} for ${customers[(n * 7) % customers.length]}`,
    }),
  },
});
