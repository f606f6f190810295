/** What people say about ideas and projects, through the API: written, answered, reported, hidden by one person, looked at again by another, taken back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetDueContacts } from '@commonpot/server/votes/proposals/jobs';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { gather, moveTo, neighbour, send, yes, type Gathering } from '../proposals/gathering.ts';
import { must } from '../rounds/set-up.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

const say = (words: string, change: object = {}) => ({ draft: crypto.randomUUID(), replyTo: null, words, name: null, ...change });
const talk = (round: Gathering, kind: 'ideas' | 'projects' = 'ideas', number: number | string = 1) => `${round.path}/discussions/${kind === 'ideas' ? 'idea' : 'project'}/${number}`;
const comment = (id: string, act: string) => `/funds/${world.fund.slug}/comments/${id}/${act}`;
const queue = async (as: Visitor) => (await must(as.get(`/funds/${world.fund.slug}/moderation`))).waiting;

/** A round with one idea, and what somebody said about it. */
async function talking(words = 'The bins are already full on Fridays.') {
  const [round, author] = [await gather(world), await neighbour(world)];
  await send(await neighbour(world), round, 'Benches');
  const { id } = await must(author.post(talk(round), say(words, { name: 'Nadia' })));
  return { round, author, id };
}

describe('a comment', () => {
  it('is read by everybody in the order it came, answered one level deep, and sent twice is one', async () => {
    const { round, author, id } = await talking();
    const other = await neighbour(world);
    const draft = say('Then ask for bigger bins.', { replyTo: id });
    const twice = await Promise.all([other.post(talk(round), draft), other.post(talk(round), draft)]);
    expect(twice.map((each) => each.status)).toEqual([201, 201]);
    expect(twice[0]?.body).toEqual(twice[1]?.body);
    const reply = twice[0]?.body.id as string;
    expect((await author.post(talk(round), say('And deeper.', { replyTo: reply }))).status).toBe(404);
    const seen = await must(world.visitor().get(talk(round)));
    expect(seen).toMatchObject({ total: 2, pages: 1, takesComments: true, may: [], comments: [{ id, by: 'Nadia', state: 'shown', you: null, replies: [{ id: reply, by: null, words: 'Then ask for bigger bins.' }] }] });
    expect(JSON.stringify(seen)).not.toContain(other.accountId);
    // A reply belongs to the same idea; a comment of another fund is none of this one's.
    const elsewhere = await talking();
    expect((await other.post(talk(elsewhere.round), say('Lost', { replyTo: id }))).status).toBe(404);
    expect((await author.post(`/funds/${world.otherFund.slug}/comments/${id}/withdraw`)).status).toBe(404);
    expect((await other.post(talk(round), say('x'.repeat(1001)))).body.code).toBe('wrong-shape');
    expect((await world.visitor().post(talk(round), say('Hello'))).body.code).toBe('signed-out');
    expect((await other.post(talk(round, 'ideas', 99), say('Hello'))).status).toBe(404);
  });

  it('comes twenty to a page, the newest last, and ten an hour from one person, even all at once', async () => {
    const { round } = await talking('First');
    for (let n = 0; n < 2; n += 1) {
      const author = await neighbour(world);
      const sent = await Promise.all(Array.from({ length: 12 }, (_, each) => author.post(talk(round), say(`Words ${n} ${each}`))));
      expect(sent.map((each) => each.status).sort()).toEqual([...Array(10).fill(201), 429, 429]);
      expect(sent.find((each) => each.status === 429)?.body.code).toBe('slow-down');
    }
    const last = await neighbour(world);
    expect((await must(last.post(talk(round), say('The last word')))).page).toBe(2);
    const [one, two] = [await must(last.get(talk(round))), await must(last.get(`${talk(round)}?page=2`))];
    expect([one.pages, one.total, one.comments.length, two.comments.at(-1).words]).toEqual([2, 22, 20, 'The last word']);
    world.clock.forward(61);
    expect((await last.post(talk(round), say('An hour later'))).status).toBe(201);
  });

  it('is about a project once that is published, and only read when voting is over', async () => {
    const { round, author, id } = await talking();
    const { administrator, reviewer } = world.fund.people;
    await moveTo(world, round, 'review');
    await must(reviewer.post(`${round.path}/ideas/1/review`, yes()));
    const { project } = await must(administrator.post(`${round.path}/ideas/1/project`, { version: 1 }));
    expect((await author.get(talk(round, 'projects', project))).status).toBe(404);
    await moveTo(world, round, 'notice');
    await must(author.post(talk(round, 'projects', project), say('With backs, please.')));
    await moveTo(world, round, 'voting', 'counting');
    expect((await author.post(talk(round, 'projects', project), say('Too late'))).body.code).toBe('wrong-phase');
    expect((await author.post(talk(round), say('Too late'))).body.code).toBe('wrong-phase');
    expect(await must(world.visitor().get(talk(round, 'projects', project)))).toMatchObject({ takesComments: false, total: 1 });
    await must(author.post(comment(id, 'withdraw')));
    await must(author.post(comment(id, 'withdraw')));
    expect((await must(world.visitor().get(talk(round)))).comments).toMatchObject([{ state: 'withdrawn', words: null, by: null }]);
    // The database itself takes none late, and changes none.
    await expect(world.superuser(`insert into comment select (c).* from (select jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'draft_id', gen_random_uuid())) as c from comment x limit 1) _`)).rejects.toThrow();
    await expect(world.superuser(`update comment set words = 'Other words' where words is not null`)).rejects.toThrow(/not changed/);
  });
});

describe('moderation', () => {
  it('is done by a person, told to the author, and looked at once more by another person', async () => {
    const { round, author, id } = await talking('You are all thieves.');
    const { administrator, administrator2, reviewer, resident } = world.fund.people;
    expect((await author.post(comment(id, 'report'), { reason: 'unkind' })).body.code).toBe('not-allowed');
    await must(resident.post(comment(id, 'report'), { reason: 'unkind' }));
    await must(resident.post(comment(id, 'report'), { reason: 'threat' }));
    await must((await neighbour(world)).post(comment(id, 'report'), { reason: 'untrue' }));
    // A report changes nothing by itself.
    expect((await must(world.visitor().get(talk(round)))).comments[0]).toMatchObject({ state: 'shown', words: 'You are all thieves.' });
    expect(await queue(reviewer)).toMatchObject([{ id, waitsFor: 'look', turn: 0, mayDecide: true, subject: { kind: 'idea', title: 'Benches', number: '1' }, reasons: [{ people: 1 }, { people: 1 }] }]);
    for (const who of [resident, author]) expect((await who.get(`/funds/${world.fund.slug}/moderation`)).body.code).toBe('not-allowed');
    expect((await author.post(comment(id, 'appeal'))).body.code).toBe('already-decided');

    world.clock.forward(1);
    const both = await Promise.all([reviewer, administrator2].map((who) => who.post(comment(id, 'decisions'), { outcome: 'hide', turn: 0, reason: 'unkind' })));
    expect(both.map((each) => each.status).sort()).toEqual([201, 409]);
    const [first, other] = both[0]?.status === 201 ? [reviewer, administrator2] : [administrator2, reviewer];
    const hidden = (await must(world.visitor().get(talk(round)))).comments[0];
    expect(hidden).toMatchObject({ state: 'hidden', words: null, by: null, reason: 'unkind' });
    expect((await must(author.get(talk(round)))).comments[0]).toMatchObject({ words: 'You are all thieves.', reason: 'unkind', you: { isAuthor: true, appeal: 'open' } });
    expect((await must(author.get(talk(round)))).total).toBe(0);
    // What is hidden stays hidden, whoever reports it again.
    await must((await neighbour(world)).post(comment(id, 'report'), { reason: 'unkind' }));
    expect(await queue(administrator)).toEqual([]);

    expect((await resident.post(comment(id, 'appeal'))).body.code).toBe('not-allowed');
    await must(author.post(comment(id, 'appeal')));
    expect((await author.post(comment(id, 'appeal'))).body.code).toBe('already-exists');
    expect(await queue(first)).toMatchObject([{ id, waitsFor: 'second-look', turn: 1, mayDecide: false, decided: { reason: 'unkind' } }]);
    expect((await first.post(comment(id, 'decisions'), { outcome: 'hide', turn: 1, reason: 'unkind' })).body.code).toBe('same-person');
    await must(other.post(comment(id, 'decisions'), { outcome: 'keep', turn: 1 }));
    expect((await must(author.get(talk(round)))).comments[0]).toMatchObject({ state: 'shown', you: { appeal: 'answered' } });
    expect(await queue(first)).toEqual([]);

    const { rows } = await world.superuser(`select name, actor_id, subject from event where subject ->> 'comment' = $1 order by id`, [id]);
    expect(rows.map((row) => row.name)).toEqual(['comment.posted', 'comment.reported', 'comment.reported', 'comment.hidden', 'comment.reported', 'comment.appealed', 'comment.kept']);
    expect(rows.filter((row) => row.name === 'comment.reported').map((row) => row.actor_id)).toEqual([null, null, null]);
    expect(JSON.stringify(rows)).not.toMatch(/thieves|Nadia/);
  });

  it('is never of one’s own words, and a kept comment comes back only when somebody new reports it', async () => {
    const { round } = await talking();
    const { reviewer, administrator, resident } = world.fund.people;
    const { id } = await must(reviewer.post(talk(round), say('I reviewed this one.')));
    await must(resident.post(comment(id, 'report'), { reason: 'off-topic' }));
    expect(await queue(reviewer)).toEqual([]);
    expect((await reviewer.post(comment(id, 'decisions'), { outcome: 'keep', turn: 0 })).body.code).toBe('same-person');
    world.clock.forward(1);
    await must(administrator.post(comment(id, 'decisions'), { outcome: 'keep', turn: 0 }));
    expect((await administrator.post(comment(id, 'decisions'), { outcome: 'hide', turn: 1, reason: 'unkind' })).body.code).toBe('already-decided');
    world.clock.forward(1);
    await must((await neighbour(world)).post(comment(id, 'report'), { reason: 'unkind' }));
    expect(await queue(administrator)).toMatchObject([{ id, turn: 1 }]);
    await must(reviewer.post(comment(id, 'withdraw')));
    expect(await queue(administrator)).toEqual([]);
  });
});

describe('a reviewer’s desk', () => {
  it('says what waits and by when, the earliest day first, and leaves out what the reviewer must not answer', async () => {
    const { reviewer, administrator, resident } = world.fund.people;
    const [late, early] = [await gather(world, { reviewDueAt: new Date(world.clock.now.getTime() + 90 * 3_600_000).toISOString() }), await gather(world)];
    for (const round of [late, early]) {
      await send(await neighbour(world), round, 'Quiet idea');
      await send(await neighbour(world), round, 'Wanted idea');
      await must(resident.send('PUT', `${round.path}/ideas/2/support`));
    }
    await moveTo(world, late, 'review');
    await moveTo(world, early, 'review');
    await must(reviewer.post(`${early.path}/interests`, { idea: 2, words: 'I live there.', role: 'Parks team', showName: false }));
    const mine = async (as: Visitor) => (await must(as.get(`/funds/${world.fund.slug}/review-desk`))).rounds.filter((round: { slug: string }) => [late.slug, early.slug].includes(round.slug));
    expect(await mine(reviewer)).toMatchObject([
      { slug: early.slug, waiting: 2, concerned: 1, next: { number: 1, title: 'Quiet idea' }, isLate: false, toAccept: 0 },
      { slug: late.slug, waiting: 2, concerned: 0, next: { number: 2, title: 'Wanted idea' } },
    ]);
    await must(administrator.post(`${early.path}/ideas/2/review`, yes()));
    await must(reviewer.post(`${early.path}/ideas/1/review`, yes({ title: 'Another' })));
    // Whoever wrote an answer does not put it on the ballot, so it waits for somebody else.
    expect((await mine(administrator)).at(-1)).toMatchObject({ slug: early.slug, waiting: 0, next: null, toAccept: 1 });
    expect((await resident.get(`/funds/${world.fund.slug}/review-desk`)).body.code).toBe('not-allowed');
  });
});

describe('a proposer’s private contact', () => {
  it('is erased ninety days after voting closes, once, and nothing else changes', async () => {
    const [round, author] = [await gather(world), await neighbour(world)];
    const number = await send(author, round, 'Shade', { name: 'Private Person', contact: 'private@example.org' });
    const shown = await send(author, round, 'Seats', { name: 'Shown Person', showName: true, contact: 'shown@example.org' });
    const closes = new Date((await must(author.get(round.path))).votingClosesAt);
    const until = new Date(closes.getTime() + 90 * 24 * 3_600_000);
    expect((await must(author.get(`${round.path}/ideas/${number}`))).own).toEqual({ name: 'Private Person', showName: false, contact: 'private@example.org', contactUntil: until.toISOString() });
    const before = (await must(world.visitor().get(`${round.path}/ideas`))).ideas;
    const here = async () => (await world.superuser(`select count(*)::int as n from proposal_person p join proposal q on q.fund_id = p.fund_id and q.id = p.proposal_id where q.round_id = $1 and p.contact is not null`, [round.id])).rows[0].n;
    await forgetDueContacts(world.app.services, new Date(until.getTime() - 1));
    expect(await here()).toBe(2);
    await Promise.all([forgetDueContacts(world.app.services, until), forgetDueContacts(world.app.services, until)]);
    expect(await here()).toBe(0);
    expect(await forgetDueContacts(world.app.services, until)).toBe(0);
    expect((await must(author.get(`${round.path}/ideas/${number}`))).own).toMatchObject({ name: null, contact: null });
    expect((await must(world.visitor().get(`${round.path}/ideas/${shown}`))).by).toBe('Shown Person');
    expect((await must(world.visitor().get(`${round.path}/ideas`))).ideas).toEqual(before);
    const { rows } = await world.superuser(`select subject ->> 'count' as count from event where name = 'proposal.contacts-forgotten' and subject ->> 'round' = $1`, [round.id]);
    expect(rows.map((row) => Number(row.count)).reduce((sum, each) => sum + each, 0)).toBe(2);
  });
});
