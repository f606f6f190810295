/** Writes out what is published of a draw. */
import type { Transaction } from '@commonpot/db/client';
import { seatsOf, type Panel } from '../panels/reads.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import type { ListDraw, PanelDraw } from './published.ts';
import * as reads from './reads.ts';
import { digestName, digestWeights } from './rules.ts';
import { termsOf } from './writes.ts';

/** draw.json of a list whose pool is committed to. */
export async function publishList(tx: Transaction, round: GrantRound, draw: reads.GrantDraw, drawing: NonNullable<Awaited<ReturnType<typeof reads.drawingOf>>>): Promise<ListDraw> {
  const { number, committedAt, poolDigest, isEnough, drawnOn, drawnAt, text, evidence, missed, seed } = draw;
  if (!committedAt || !poolDigest) throw new Error('a pool that is not committed to is not published');
  const { pool, order } = await reads.poolOf(tx, draw);
  const terms = termsOf(round, draw, drawing);
  return {
    kind: 'commonpot.list-draw.v1', fund: await reads.fundNameOf(tx, round.fundId), round: { id: round.id, slug: round.slug, title: round.title }, number,
    charter: terms.charter, weights: terms.weights, draw: terms.draw,
    committed: {
      at: committedAt.toISOString(), entries: pool.length, tickets: pool.reduce((sum, each) => sum + each.tickets, 0),
      weights: digestWeights(terms).toString('hex'), name: digestName(terms).toString('hex'), pool: poolDigest.toString('hex'),
    },
    pool, enough: isEnough ?? false,
    drawn: drawnOn && drawnAt && text && evidence && seed ? { date: drawnOn, text, evidence, missed: missed ?? [], seed: seed.toString('hex'), at: drawnAt.toISOString() } : null,
    order,
  };
}

/** draw.json of a panel. */
export async function publishPanel(tx: Transaction, panel: Panel): Promise<PanelDraw> {
  const { fundId, id, grantRoundId, seats, pool, poolDigest, drawName, drawAt, committedAt, drawnAt, seed } = panel;
  const round = await holdGrantRoundById(tx, fundId, grantRoundId, 'share');
  return {
    kind: 'commonpot.panel-draw.v1', fund: await reads.fundNameOf(tx, fundId), round: { id: round.id, slug: round.slug, title: round.title }, panel: id, seats,
    draw: { name: drawName, at: drawAt.toISOString() }, committed: { at: committedAt.toISOString(), entries: pool.length, pool: poolDigest.toString('hex') },
    pool: [...pool].sort((a, b) => (a.code < b.code ? -1 : 1)), drawn: drawnAt && seed !== null ? { at: drawnAt.toISOString(), seed } : null,
    order: seed === null ? [] : (await seatsOf(tx, fundId, id)).map((seat) => seat.code),
  };
}
