/** What the house says no to, between an idea and the ballot; and that the database says it too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorld, type Answer, type World } from '../lib/world.ts';
import { inHours, must } from '../rounds/set-up.ts';
import { gather, ideaOf, moveTo, neighbour, send, yes, type Gathering } from './gathering.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

const codeOf = async (answer: Promise<Answer>): Promise<string> => (await answer).body.code;
const people = () => world.fund.people;

/** As the application's role in the fund of the test, past every check in TypeScript. */
const inDatabase = (text: string): Promise<unknown> => world.superuser(`begin; set local role commonpot_app; set local commonpot.fund = '${world.fund.id}'; ${text}; commit`);
const idOf = async (round: Gathering, number: number): Promise<string> => (await world.superuser('select id from proposal where round_id = $1 and number = $2', [round.id, number])).rows[0].id;
const insertVersion = (round: Gathering, proposal: string, reviewer: string | null, change: { version?: number; running?: number } = {}) => inDatabase(`insert into review_version
  (fund_id, round_id, proposal_id, version, feasible, reasons, title, cost_minor, running_minor, cost_holds, vat, deliverer_name, keeper_name, reviewer_id, role_words, at)
  values ('${world.fund.id}', '${round.id}', '${proposal}', ${change.version ?? 1}, 'yes', 'r', 't', 100, ${change.running ?? 0}, 'h', 'none', 'd', 'k', '${reviewer}', 'role', '2026-11-21')`);

describe('proposing', () => {
  it('needs a signed-in account, the right phase and the right shape', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    expect(await codeOf(world.visitor().post(`${round.path}/ideas`, ideaOf('x')))).toBe('signed-out');
    for (const change of [{ title: '' }, { title: 'x'.repeat(121) }, { description: '' }, { roughCostMinor: 0 }, { roughCostMinor: 1.5 }, { draft: 'no' }, { showName: true }, { place: '' }]) {
      expect({ change, code: await codeOf(author.post(`${round.path}/ideas`, ideaOf('Fine', change))) }).toEqual({ change, code: 'wrong-shape' });
    }
    const number = await send(author, round, 'In time');
    const draft = ideaOf('In time, too');
    await must(author.post(`${round.path}/ideas`, draft));
    await moveTo(world, round, 'review');
    expect((await author.post(`${round.path}/ideas`, ideaOf('Late'))).body).toMatchObject({ code: 'wrong-phase', phase: 'review' });
    // What was sent in time and asked about again afterwards is still there.
    expect(await must(author.post(`${round.path}/ideas`, draft))).toEqual({ number: number + 1 });
    expect(await codeOf(author.post(`${round.path}/ideas/${number}/withdraw`))).toBe('wrong-phase');
    expect((await world.superuser(`select count(*)::int as n from proposal where round_id = $1`, [round.id])).rows[0].n).toBe(2);
  });

  it('belongs to its author: nobody else changes, withdraws or reads what is private', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Mine', { contact: 'secret' });
    for (const who of [await neighbour(world), people().administrator, people().reviewer]) {
      expect(await codeOf(who.send('PUT', `${round.path}/ideas/${number}`, { title: 'Yours' }))).toBe('not-allowed');
      expect(await codeOf(who.post(`${round.path}/ideas/${number}/withdraw`))).toBe('not-allowed');
      expect(JSON.stringify((await who.get(`${round.path}/ideas/${number}`)).body)).not.toContain('secret');
    }
    for (const who of ['resident', 'reviewer', 'officer', 'shop'] as const) {
      expect(await codeOf(people()[who].get(`${round.path}/ideas/${number}/proposer`))).toBe('not-allowed');
      expect(await codeOf(people()[who].post(`${round.path}/ideas/bulk`, { ideas: [ideaOf('x')] }))).toBe('not-allowed');
    }
  });

  it('stays in its fund', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Here');
    const there = `/funds/${world.otherFund.slug}/rounds/${round.slug}/ideas`;
    for (const path of [there, `${there}/${number}`, `${there}/${number}/review`]) expect((await world.otherFund.people.administrator.get(path)).status).toBe(404);
    expect(await codeOf(world.otherFund.people.reviewer.get(`${round.path}/review`))).toBe('not-allowed');
  });

  it('has an end: twenty ideas of one account, and addresses that name nothing', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    for (let n = 1; n <= 20; n += 1) await send(author, round, `Idea ${n}`);
    expect((await author.post(`${round.path}/ideas`, ideaOf('One more'))).body).toMatchObject({ code: 'too-many-ideas', most: 20 });
    await send(await neighbour(world), round, 'Another person may');
    for (const number of ['0', '99', 'abc', '-1', '1e3']) expect((await world.visitor().get(`${round.path}/ideas/${number}`)).status).toBe(404);
    const pages = await must(world.visitor().get(`${round.path}/ideas?limit=15`));
    expect(pages.ideas).toHaveLength(15);
    expect((await must(world.visitor().get(`${round.path}/ideas?limit=15&cursor=${pages.nextCursor}`))).ideas.map((each: { number: number }) => each.number)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('is held in the database: phases, words that stay, ideas that are not deleted', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Held');
    const id = await idOf(round, number);
    await expect(inDatabase(`delete from proposal where id = '${id}'`)).rejects.toThrow(/permission denied/);
    await expect(inDatabase(`update proposal set joined_to = '${id}' where id = '${id}'`)).rejects.toThrow();
    await moveTo(world, round, 'review');
    await expect(inDatabase(`update proposal set title = 'other' where id = '${id}'`)).rejects.toThrow(/only while ideas are gathered/);
    await expect(world.superuser(`update round set running_costs_allowed = true where id = '${round.id}'`)).rejects.toThrow(/settled before/);
    await moveTo(world, await withProject(round), 'notice');
    await expect(inDatabase(`insert into proposal_support values ('${world.fund.id}', '${round.id}', '${id}', '${people().resident.accountId}')`)).rejects.toThrow(/support is shown/);
    expect(await codeOf(people().resident.send('PUT', `${round.path}/ideas/${number}/support`))).toBe('wrong-phase');
  });
});

/** Puts a project on the ballot, so that the round can go on. */
async function withProject(round: Gathering): Promise<Gathering> {
  await must(people().administrator.post(`${round.path}/projects`, { title: 'Something', costMinor: 1000, delivererName: 'Somebody' }));
  return round;
}

describe('reviewing', () => {
  it('is for reviewers and administrators, in its phase', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Benches');
    const path = `${round.path}/ideas/${number}`;
    expect(await codeOf(people().reviewer.post(`${path}/review`, yes()))).toBe('wrong-phase');
    expect(await codeOf(people().reviewer.post(`${path}/join`, { ideas: [2] }))).toBe('wrong-phase');
    await moveTo(world, round, 'review');
    for (const who of ['resident', 'officer', 'shop'] as const) {
      for (const [to, body] of [['review', yes()], ['join', { ideas: [2] }], ['split', undefined], ['project', { version: 1 }]] as const) expect(await codeOf(people()[who].post(`${path}/${to}`, body))).toBe('not-allowed');
      expect(await codeOf(people()[who].get(`${round.path}/review`))).toBe('not-allowed');
      expect(await codeOf(people()[who].post(`${round.path}/interests`, { idea: null, words: 'x', role: 'x', showName: false }))).toBe('not-allowed');
    }
    expect(await codeOf(people().reviewer.post(`${path}/project`, { version: 1 }))).toBe('not-allowed');
    for (const change of [{ reasons: '' }, { runningMinor: 400_001 }, { keeperName: '' }, { vat: 'later' }, { feasible: 'changes' }, { costMinor: 0 }]) {
      expect({ change, code: await codeOf(people().reviewer.post(`${path}/review`, yes(change))) }).toEqual({ change, code: 'wrong-shape' });
    }
    await moveTo(world, await withProject(round), 'notice');
    expect(await codeOf(people().reviewer.post(`${path}/review`, yes()))).toBe('wrong-phase');
  });

  it('is not done by whoever declared an interest, and everybody can read why', async () => {
    const { reviewer, administrator, administrator2 } = people();
    const round = await gather(world);
    const [number, other] = [await send(await neighbour(world), round, 'A bakery’s oven'), await send(await neighbour(world), round, 'A second oven')];
    await moveTo(world, round, 'review');
    const words = { words: 'My brother runs the bakery.', role: 'Parks team', showName: true };
    await must(reviewer.post(`${round.path}/interests`, { idea: number, ...words }));
    await must(administrator2.post(`${round.path}/interests`, { idea: null, ...words, showName: false }));
    expect((await must(world.visitor().get(`${round.path}/interests`))).interests).toMatchObject([{ idea: number, name: 'reviewer', words: words.words }, { idea: null, name: null }]);
    expect((await must(world.visitor().get(`${round.path}/ideas/${number}/review`))).interests).toHaveLength(1);
    expect(await codeOf(reviewer.post(`${round.path}/ideas/${number}/review`, yes()))).toBe('interest-declared');
    expect(await codeOf(reviewer.post(`${round.path}/ideas/${other}/join`, { ideas: [number] }))).toBe('interest-declared');
    expect((await must(reviewer.get(`${round.path}/review`))).ideas.map((each: { number: number; isConcerned: boolean }) => [each.number, each.isConcerned])).toEqual([[number, true], [other, false]]);
    await expect(insertVersion(round, await idOf(round, number), reviewer.accountId)).rejects.toThrow(/interest/);

    // Joined behind their back, the interest is in the other one as well; and a review from before no longer carries a project.
    await must(reviewer.post(`${round.path}/ideas/${other}/review`, yes()));
    await must(administrator.post(`${round.path}/ideas/${other}/join`, { ideas: [number] }));
    expect((await administrator.post(`${round.path}/ideas/${other}/project`, { version: 1 })).body).toMatchObject({ code: 'interest-declared', isReviewer: true });
    await expect(inDatabase(`insert into review_project values ('${world.fund.id}', '${round.id}', '${await idOf(round, other)}', gen_random_uuid(), 1, '${administrator.accountId}', '2026-11-21')`)).rejects.toThrow(/interest/);
    await must(administrator.post(`${round.path}/ideas/${other}/review`, yes({ after: 1 })));
    // Nor does whoever wrote the review put it on the ballot.
    expect((await must(administrator.get(`${round.path}/ideas/${other}/review`))).you.wroteNewest).toBe(true);
    expect(await codeOf(administrator.post(`${round.path}/ideas/${other}/project`, { version: 2 }))).toBe('same-person');
    await must(administrator2.post(`${round.path}/ideas/${other}/project`, { version: 2 }));
    await expect(inDatabase(`update review_project set accepted_by = '${administrator.accountId}' where proposal_id = '${await idOf(round, other)}'`)).rejects.toThrow(/second person/);
    await must(administrator2.post(`${round.path}/interests`, { idea: other, ...words }));
    await must(administrator.post(`${round.path}/ideas/${other}/review`, yes({ after: 2 })));
    expect(await codeOf(administrator2.post(`${round.path}/ideas/${other}/project`, { version: 3 }))).toBe('interest-declared');
  });

  it('is not done by whoever proposed it', async () => {
    const round = await gather(world);
    const number = await send(people().reviewer, round, 'My own idea');
    await moveTo(world, round, 'review');
    expect(await codeOf(people().reviewer.post(`${round.path}/ideas/${number}/review`, yes()))).toBe('interest-declared');
    await expect(insertVersion(round, await idOf(round, number), people().reviewer.accountId)).rejects.toThrow(/interest/);
  });

  it('never lets capital money pay running costs', async () => {
    const { reviewer, administrator } = people();
    const capital = await gather(world);
    const number = await send(await neighbour(world), capital, 'A warden');
    expect(await codeOf(administrator.send('PUT', capital.path, { runningCostsAllowed: true }))).toBe('wrong-phase');
    await moveTo(world, capital, 'review');
    expect(await codeOf(reviewer.post(`${capital.path}/ideas/${number}/review`, yes({ runningMinor: 1 })))).toBe('running-costs-not-allowed');
    await expect(insertVersion(capital, await idOf(capital, number), reviewer.accountId, { running: 1 })).rejects.toThrow(/running costs/);
    const both = await gather(world, { runningCostsAllowed: true });
    const warden = await send(await neighbour(world), both, 'A warden');
    await moveTo(world, both, 'review');
    await must(reviewer.post(`${both.path}/ideas/${warden}/review`, yes({ runningMinor: 400_000 })));
  });

  it('only grows: versions, replies and interests are never changed', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    const number = await send(author, round, 'Grows');
    await moveTo(world, round, 'review');
    await must(people().reviewer.post(`${round.path}/ideas/${number}/review`, yes()));
    await must(author.post(`${round.path}/ideas/${number}/reply`, { version: 1, words: 'Thank you.' }));
    await must(people().reviewer.post(`${round.path}/interests`, { idea: null, words: 'x', role: 'x', showName: false }));
    for (const table of ['review_version', 'review_reply', 'review_interest']) {
      await expect(world.superuser(`delete from ${table}`)).rejects.toThrow(/append-only/);
      await expect(world.superuser(`update ${table} set at = '2027-01-01'`)).rejects.toThrow(/append-only/);
    }
    await expect(insertVersion(round, await idOf(round, number), people().reviewer.accountId, { version: 3 })).rejects.toThrow(/does not follow/);
  });

  it('hears the proposer once a version, and nobody else', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    const number = await send(author, round, 'Heard');
    await moveTo(world, round, 'review');
    const path = `${round.path}/ideas/${number}`;
    expect(await codeOf(author.post(`${path}/reply`, { version: 1, words: 'Too early.' }))).toBe('review-changed');
    await must(people().reviewer.post(`${path}/review`, yes()));
    expect(await codeOf((await neighbour(world)).post(`${path}/reply`, { version: 1, words: 'Me too.' }))).toBe('not-allowed');
    await must(author.post(`${path}/reply`, { version: 1, words: 'Thank you.' }));
    expect(await codeOf(author.post(`${path}/reply`, { version: 1, words: 'Again.' }))).toBe('already-exists');
    await must(people().reviewer.post(`${path}/review`, yes({ after: 1, costMinor: 410_000 })));
    expect(await codeOf(author.post(`${path}/reply`, { version: 1, words: 'Which one?' }))).toBe('review-changed');
    await must(author.post(`${path}/reply`, { version: 2, words: 'Thank you twice.' }));
  });
});

describe('joining and the ballot', () => {
  it('joins one deep, splits, and takes a whole group along', async () => {
    const { reviewer } = people();
    const round = await gather(world);
    const author = await neighbour(world);
    const [a, b, c, d] = [await send(author, round, 'a'), await send(author, round, 'b'), await send(author, round, 'c'), await send(author, round, 'd')];
    await must(author.post(`${round.path}/ideas/${d}/withdraw`));
    await moveTo(world, round, 'review');
    await must(reviewer.post(`${round.path}/ideas/${b}/join`, { ideas: [c] }));
    await must(reviewer.post(`${round.path}/ideas/${a}/join`, { ideas: [b] }));
    expect((await must(reviewer.get(`${round.path}/ideas/${a}`))).with.map((each: { number: number }) => each.number)).toEqual([b, c]);
    for (const ideas of [[d], [99], [a]]) expect((await reviewer.post(`${round.path}/ideas/${a}/join`, { ideas })).status).toBe(404);
    expect((await reviewer.post(`${round.path}/ideas/${b}/join`, { ideas: [a] })).body).toMatchObject({ code: 'review-changed', joinedTo: a });
    expect((await reviewer.post(`${round.path}/ideas/${c}/review`, yes())).body).toMatchObject({ code: 'review-changed', joinedTo: a });
    await expect(inDatabase(`update proposal set joined_to = '${await idOf(round, c)}' where id = '${await idOf(round, a)}'`)).rejects.toThrow(/foreign key/);
    await must(reviewer.post(`${round.path}/ideas/${c}/split`));
    expect((await reviewer.post(`${round.path}/ideas/${c}/split`)).status).toBe(404);
    expect((await must(reviewer.get(`${round.path}/ideas/${c}`))).joinedTo).toBeNull();
  });

  it('brings onto the ballot only what can be done, by the newest review; and what is on it stays together', async () => {
    const { administrator, reviewer } = people();
    const round = await gather(world);
    const [a, b] = [await send(await neighbour(world), round, 'a'), await send(await neighbour(world), round, 'b')];
    await moveTo(world, round, 'review');
    const path = `${round.path}/ideas/${a}`;
    expect(await codeOf(administrator.post(`${path}/project`, { version: 1 }))).toBe('review-changed');
    await must(reviewer.post(`${path}/review`, { feasible: 'no', after: 0, reasons: 'No.', role: 'Parks team', showName: false }));
    expect(await codeOf(administrator.post(`${path}/project`, { version: 1 }))).toBe('not-feasible');
    await must(reviewer.post(`${path}/review`, yes({ after: 1 })));
    expect(await codeOf(administrator.post(`${path}/project`, { version: 1 }))).toBe('review-changed');
    const { project } = await must(administrator.post(`${path}/project`, { version: 2 }));
    expect(await codeOf(reviewer.post(`${path}/join`, { ideas: [b] }))).toBe('on-ballot');
    await expect(inDatabase(`update proposal set joined_to = '${await idOf(round, a)}' where id = '${await idOf(round, b)}'`)).rejects.toThrow(/on the ballot/);
    // A revision brings the same project up to date.
    await must(reviewer.post(`${path}/review`, yes({ after: 2, costMinor: 450_000 })));
    expect((await must(reviewer.get(`${round.path}/review`))).ideas.find((each: { number: number }) => each.number === a)).toMatchObject({ version: 3, onBallot: 2 });
    expect(await must(administrator.post(`${path}/project`, { version: 3 }))).toEqual({ project });
    const { projects } = await must(administrator.get(`${round.path}/projects`));
    expect(projects).toMatchObject([{ number: project, costMinor: 450_000 }]);
    expect(await codeOf(world.visitor().get(`${round.path}/projects/${projects[0].id}/ideas`))).toBe('wrong-phase');
    // Taken off the ballot, the ideas may be joined again.
    await must(administrator.send('DELETE', `${round.path}/projects/${projects[0].id}`));
    await must(reviewer.post(`${path}/join`, { ideas: [b] }));
  });

  it('refuses dates that do not follow each other', async () => {
    const path = `/funds/${world.fund.slug}/rounds`;
    const dates = (change: object) => people().administrator.post(path, { title: 'Dates', ...change });
    expect((await dates({ ideasOpenAt: inHours(world, 2), ideasCloseAt: inHours(world, 1) })).body).toMatchObject({ code: 'wrong-shape', fields: ['ideasCloseAt'] });
    expect((await dates({ ideasCloseAt: inHours(world, 2), reviewDueAt: inHours(world, 1) })).body).toMatchObject({ code: 'wrong-shape', fields: ['reviewDueAt'] });
  });
});

describe('at once', () => {
  it('two reviewers answer, and one of them is told', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Contested');
    await moveTo(world, round, 'review');
    const answers = await Promise.all([people().reviewer, people().administrator, people().administrator2].map((who) => who.post(`${round.path}/ideas/${number}/review`, yes())));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    expect(answers.filter((answer) => answer.status === 409).map((answer) => answer.body.code)).toEqual(['review-changed', 'review-changed']);
  });

  it('a support given many times is one, and many people’s are many', async () => {
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Liked');
    const path = `${round.path}/ideas/${number}/support`;
    const crowd = await Promise.all(Array.from({ length: 6 }, () => neighbour(world)));
    await Promise.all(crowd.flatMap((who) => [who.send('PUT', path), who.send('PUT', path)]));
    expect((await must(world.visitor().get(`${round.path}/ideas/${number}`))).supports).toBe(6);
    const [first] = crowd;
    await Promise.all([first?.send('DELETE', path), first?.send('DELETE', path)]);
    expect((await must(world.visitor().get(`${round.path}/ideas/${number}`))).supports).toBe(5);
  });

  it('the same idea sent many times is one, and ideas sent together have numbers of their own', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    const draft = ideaOf('Sent on a bad line');
    const same = await Promise.all(Array.from({ length: 5 }, () => author.post(`${round.path}/ideas`, draft)));
    expect(same.map((answer) => answer.body)).toEqual(same.map(() => ({ number: 1 })));
    const others = await Promise.all(Array.from({ length: 5 }, async (_, n) => send(await neighbour(world), round, `Other ${n}`)));
    expect(others.sort()).toEqual([2, 3, 4, 5, 6]);
    // Another person's draft of the same number is another idea.
    expect(await must((await neighbour(world)).post(`${round.path}/ideas`, draft))).toEqual({ number: 7 });
  });

  it('an interest and a review by the same person: never both', async () => {
    for (let n = 0; n < 4; n += 1) {
      const round = await gather(world);
      const number = await send(await neighbour(world), round, 'Race');
      await moveTo(world, round, 'review');
      const [, reviewed] = await Promise.all([
        people().reviewer.post(`${round.path}/interests`, { idea: number, words: 'I live there.', role: 'Parks team', showName: false }),
        people().reviewer.post(`${round.path}/ideas/${number}/review`, yes()),
      ]);
      // Whichever came first, such a review makes no project.
      if (reviewed.status === 201) expect(await codeOf(people().administrator.post(`${round.path}/ideas/${number}/project`, { version: 1 }))).toBe('interest-declared');
      else expect(reviewed.body.code).toBe('interest-declared');
    }
  });
});
