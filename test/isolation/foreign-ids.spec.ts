import { beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { fuzzStage } from '../fuzz/stage.js';
import { ForeignIds, type Findings } from './foreign/foreign-ids.js';
import { GossipModule, GOSSIP } from './foreign/gossip.module.js';

/*
 * Every operation of the OpenAPI document, with ids, cursors, ETags and Idempotency-Keys of a tenant with which the caller
 * has nothing to do, in every place that takes one: the answer is the one for what never existed, and nothing of that tenant
 * changes. No operation is listed: how each is called is known from the recipes, which kind of id a place takes from the
 * catalogue, and a place of which that is not known fails.
 */

const { db } = useDatabase();
const isGossip = (path: string): boolean => path.startsWith('/v1/gossip/');
const EXTENT = { roles: ['self', 'viewer'] } as const;
let ours: Findings;
let gossip: Findings;
let replays: boolean;

beforeAll(async () => {
  const stage = await fuzzStage(db, [GossipModule]);
  const matrix = await ForeignIds.of(stage);
  ours = await matrix.run(({ path }) => !isGossip(path), EXTENT);
  GOSSIP.db = db;
  GOSSIP.known = await matrix.victim.id('app.deals.id');
  gossip = await matrix.run(({ path }) => isGossip(path), EXTENT);
  replays = await matrix.replays('createDeal');
}, 280_000);

describe('what is another tenant’s', () => {
  it('is answered as what is not there, wherever its id is named', () => {
    expect(ours.told.join('\n\n')).toBe('');
    expect(ours.sent).toBeGreaterThan(200);
  });

  it('stays as it was', () => {
    expect(ours.changed).toEqual([]);
  });

  it('has a kind that is known in every place of every operation that takes an id, and a cursor in every list', () => {
    expect(ours.unknown).toEqual([]);
  });
});

describe('the matrix', () => {
  it('finds who tells', () => {
    const tellers = gossip.told.map((one) => one.split(':')[0]);
    expect(new Set(tellers)).toEqual(new Set(['gossipForbids', 'gossipShows']));
  });

  it('finds who changes what is another tenant’s, and what it does not know', () => {
    expect(gossip.changed).toContain('app.deals');
    expect(gossip.unknown).toEqual(['gossipUnknown: body widgetId']);
  });

  it('keeps answers where the server looks for them', () => {
    expect(replays).toBe(true);
  });
});
