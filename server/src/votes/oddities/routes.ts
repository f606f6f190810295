/** Serves what looks odd. */
import { refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import { readHeads } from '../log/reads.ts';
import { areasOf, readSeal } from '../sealing/reads.ts';
import { findTally } from '../tally/reads.ts';
import * as contract from './contract.ts';
import { listAlike, rollByArea } from './reads.ts';
import { findAreas, findBursts } from './rules.ts';

export function oddityRoutes(app: WebApp): void {
  serve(app, contract.readOddities, async ({ tx, fund, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round || round.phase === 'draft') return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    const sealed = round.sealedAt && (await readSeal(tx, ref));
    if (!sealed) return refuse('not-ready', { missing: ['sealed'] });
    const { facts } = sealed;
    const roll = await rollByArea(tx, ref);
    const heads = (await readHeads(tx, ref)).map(({ size, signedAt, isLast }) => ({ size, at: signedAt, isLast }));
    const whole = { people: facts.turnout.people, onRoll: [...roll.values()].reduce((sum, people) => sum + people, 0) };
    return {
      counted: (await findTally(tx, fund.id, round.id))?.ballots ?? 0, alike: await listAlike(tx, ref),
      bursts: findBursts(heads).map((each) => ({ ...each, at: each.at.toISOString() })), areas: findAreas(areasOf(facts), roll, whole),
    };
  });
}
