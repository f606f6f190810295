/** Rounds move on by date, whoever looks first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '@commonpot/server/app';
import type { WebApp } from '@commonpot/server/platform/services';
import { advanceDueRounds, roundsJobs, wakeRounds } from '@commonpot/server/rounds/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { BUDGET_MINOR, draftRound, inHours, move, must } from './set-up.ts';

let world: World;
let second: WebApp;
beforeAll(async () => {
  world = await makeWorld();
  second = await buildApp(world.config, { clock: () => world.clock.now, pages: false });
  await second.ready();
});
afterAll(async () => {
  await second.close();
  await world.close();
});

const advance = () => advanceDueRounds(world.app.services, world.clock.now);
const hours = (count: number) => world.clock.forward(count * 60);
const read = (path: string) => must(world.fund.people.administrator.get(path));

describe('a date', () => {
  it('moves a round on, once, when two processes look at the same time', async () => {
    const rounds = await Promise.all(Array.from({ length: 4 }, () => draftRound(world)));
    for (const round of rounds) await move(world, round, 'notice');
    expect((await advance()).moved).toBe(0);
    hours(1);
    const both = await Promise.all([advance(), advanceDueRounds(second.services, world.clock.now), advance(), advanceDueRounds(second.services, world.clock.now)]);
    expect(both.reduce((sum, each) => sum + each.moved, 0)).toBe(4);
    for (const round of rounds) {
      const { phase, moves, frozenAt } = await read(round.path);
      expect({ phase, by: moves.at(-1).by, count: moves.length, frozenAt }).toEqual({ phase: 'voting', by: 'date', count: 2, frozenAt: world.clock.now.toISOString() });
    }
    const { rows } = await world.superuser(`select count(*)::int as n from event where name = 'round.moved' and subject ->> 'by' = 'date' and actor_id is null`);
    expect(rows[0].n).toBe(4);
  });

  it('leaves a draft alone, and holds back a round that is not ready until it is', async () => {
    const draft = await draftRound(world);
    const round = await draftRound(world);
    await move(world, round, 'notice');
    await must(world.fund.people.administrator.send('PUT', round.path, { budgetMinor: BUDGET_MINOR + 1 }));
    hours(1);
    expect(await advance()).toMatchObject({ heldBack: [{ roundId: round.id, code: 'not-ready' }] });
    expect((await read(draft.path)).phase).toBe('draft');
    expect((await read(round.path)).phase).toBe('notice');
    await must(world.fund.people.administrator.send('PUT', round.path, { budgetMinor: BUDGET_MINOR }));
    expect(await advance()).toMatchObject({ moved: 1, heldBack: [] });
    expect((await read(round.path)).phase).toBe('voting');
  });

  it('moves a round through every phase that fell due while nothing ran', async () => {
    const round = await draftRound(world, { noticeAt: inHours(world, 1), votingOpensAt: inHours(world, 2), votingClosesAt: inHours(world, 3), resultsAt: null });
    await move(world, round, 'ideas', 'review');
    hours(2);
    await advance();
    expect((await read(round.path)).phase).toBe('voting');
    hours(1);
    await advance();
    const { phase, moves } = await read(round.path);
    expect(phase).toBe('counting');
    expect(moves.map((each: { to: string; by: string }) => [each.to, each.by])).toEqual([['ideas', 'step'], ['review', 'step'], ['notice', 'date'], ['voting', 'date'], ['counting', 'date']]);
  });

  it('that has not come gives way to a person with a reason, and the reason is published', async () => {
    const round = await draftRound(world, { noticeAt: inHours(world, 1), votingOpensAt: inHours(world, 2), votingClosesAt: inHours(world, 3) });
    const { administrator } = world.fund.people;
    await must(administrator.post(`${round.path}/transitions`, { to: 'ideas' }));
    await must(administrator.post(`${round.path}/transitions`, { to: 'review' }));
    expect((await administrator.post(`${round.path}/transitions`, { to: 'notice' })).body.code).toBe('reason-missing');
    expect((await administrator.post(`${round.path}/transitions`, { to: 'notice', reason: '   ' })).status).toBe(400);
    hours(1);
    await must(administrator.post(`${round.path}/transitions`, { to: 'notice' }));
    expect((await must(world.visitor().get(round.path))).moves.map((each: { by: string }) => each.by)).toEqual(['step', 'step', 'step']);
  });

  it('is looked at as soon as a process starts', async () => {
    const round = await draftRound(world);
    await move(world, round, 'notice');
    hours(1);
    await second.services.queue.start(roundsJobs(second.services), () => world.clock.now);
    await wakeRounds(second.services);
    for (let attempt = 0; attempt < 100 && (await read(round.path)).phase !== 'voting'; attempt += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await read(round.path)).phase).toBe('voting');
  });

  it('does not keep other rounds waiting behind one that throws', async () => {
    const broken = await draftRound(world);
    const fine = await draftRound(world);
    await move(world, broken, 'notice');
    await move(world, fine, 'notice');
    hours(1);
    const { vote } = second.services.roundKinds;
    const services = { ...second.services, roundKinds: { vote: { ...vote, entering: async (...given: Parameters<typeof vote.entering>) => {
      if (given[1].id === broken.id) throw new Error('broken');
      return vote.entering(...given);
    } } } };
    await expect(advanceDueRounds(services, world.clock.now)).rejects.toThrow(AggregateError);
    expect([(await read(broken.path)).phase, (await read(fine.path)).phase]).toEqual(['notice', 'voting']);
  });
});
