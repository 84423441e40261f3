import type { TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { grantTo } from './grant.js';
import { newcomer } from './people.js';
import type { Person } from './world.js';

/** Somebody new who runs the installation and belongs to no tenant. */
export async function newOperator(db: TestDatabase): Promise<Person> {
  const person = await newcomer(db);
  await db.look('insert into auth.operators (user_id) values ($1)', [person.id]);
  return person;
}

/** An access token of a new operator, at AAL2 unless told otherwise. */
export async function operatorToken(app: TestApp, db: TestDatabase, aal: 1 | 2 = 2): Promise<string> {
  return (await grantTo(app, db, (await newOperator(db)).id, { aal })).accessToken;
}
