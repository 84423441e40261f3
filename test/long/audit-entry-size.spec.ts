import { describe, expect, it } from '@jest/globals';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const { a } = db.world;

describe('an entry of the audit log', () => {
  it('is refused, and its changes with it, where it would be larger than its readers take', async () => {
    const app = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.owner);
    await acting(app, cap, async () => {
      await app.query(
        `select set_config(x, '0', true) from unnest(array['statement_timeout', 'transaction_timeout']) x`,
      );
      await app.query(
        `insert into app.deals (title, amount, currency) select repeat('x', 200), n, 'EUR' from generate_series(1, 60000) n`,
      );
      await expect(app.query('set constraints all immediate')).rejects.toMatchObject({ code: '54000' });
    });
  });
});
