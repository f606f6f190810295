/** From an idea to the ballot, through the API: proposed, supported, joined, reviewed, replied to, revised, made a project, voted on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advanceDueRounds } from '@commonpot/server/rounds/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { must } from '../rounds/set-up.ts';
import { gather, ideaOf, moveTo, neighbour, send, yes } from './gathering.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

describe('an idea', () => {
  it('goes all the way to the ballot, with credit to everybody whose idea it was', async () => {
    const { administrator, reviewer, resident } = world.fund.people;
    const round = await gather(world);
    const [amina, joseph, quiet] = [await neighbour(world), await neighbour(world), await neighbour(world)];
    const stranger = world.visitor();

    const benches = await send(amina, round, 'Benches on Kiln Street', { name: 'Amina Yusuf', showName: true, contact: 'amina@example.org' });
    const seats = await send(joseph, round, 'Somewhere to sit by the shops', { name: 'Joseph O’Neill', showName: true });
    const shade = await send(quiet, round, 'Shade and seats', { name: 'Hidden Person', contact: '+447700900123' });
    const typed = (await must(administrator.post(`${round.path}/ideas/bulk`, { ideas: [ideaOf('A bench for waiting'), ideaOf('A boat on the pond', { name: 'Rosa Delgado', showName: true })] }))).numbers;
    expect([benches, seats, shade, ...typed]).toEqual([1, 2, 3, 4, 5]);

    // Three people support two of them; one of them twice over.
    for (const [who, numbers] of [[resident, [benches, seats]], [joseph, [benches]], [quiet, [seats]]] as const) for (const n of numbers) await must(who.send('PUT', `${round.path}/ideas/${n}/support`));
    expect((await must(stranger.get(`${round.path}/ideas/${benches}`))).supports).toBe(2);
    const listed = await must(stranger.get(`${round.path}/ideas`));
    expect(listed).toMatchObject({ total: 5, found: 5, nextCursor: null, may: [] });
    expect(listed.ideas[4]).toMatchObject({ number: 1, by: 'Amina Yusuf', standing: 'gathering', supports: 2, joined: 0 });
    expect((await must(stranger.get(`${round.path}/ideas?find=bench%20KILN`))).ideas.map((each: { number: number }) => each.number)).toEqual([4, 1]);
    await must(amina.send('PUT', `${round.path}/ideas/${benches}`, { description: 'Four benches, in the shade.', roughCostMinor: 300_000 }));
    expect(await must(stranger.get(`${round.path}/ideas/${benches}`))).toMatchObject({ description: 'Four benches, in the shade.', changedAt: world.clock.now.toISOString(), you: null, own: null });

    // The day comes, and the review begins by itself.
    world.clock.forward(24 * 60);
    await advanceDueRounds(world.app.services, world.clock.now);
    expect((await amina.send('PUT', `${round.path}/ideas/${benches}`, { title: 'Late' })).body).toMatchObject({ code: 'wrong-phase', phase: 'review' });
    await must(reviewer.post(`${round.path}/ideas/${benches}/join`, { ideas: [seats, shade, typed[0]] }));
    expect(await must(stranger.get(`${round.path}/ideas/${benches}`))).toMatchObject({ supports: 3, joined: 3, standing: 'waiting', with: [{ number: 2, by: 'Joseph O’Neill' }, { number: 3, by: null }, { number: 4, by: null }] });
    expect((await must(stranger.get(`${round.path}/ideas?find=shade`))).ideas.map((each: { number: number }) => each.number)).toEqual([1]);
    expect(await must(stranger.get(`${round.path}/ideas`))).toMatchObject({ total: 5, found: 2 });
    // A boat was never a bench: joined by mistake, and split again.
    await must(reviewer.post(`${round.path}/ideas/${benches}/join`, { ideas: [typed[1]] }));
    await must(reviewer.post(`${round.path}/ideas/${typed[1]}/split`));

    const queue = await must(reviewer.get(`${round.path}/review`));
    expect(queue.ideas.map((each: { number: number; supports: number; version: number }) => [each.number, each.supports, each.version])).toEqual([[1, 3, 0], [5, 0, 0]]);
    await must(reviewer.post(`${round.path}/ideas/${benches}/review`, { feasible: 'no', after: 0, reasons: 'The pavement is too narrow.', role: 'Parks team', showName: false }));
    await must(joseph.post(`${round.path}/ideas/${seats}/reply`, { version: 1, words: 'Not in front of the bakery.' }));
    expect((await must(joseph.get(`${round.path}/ideas/${seats}/review`))).you).toEqual({ mayReply: false, isConcerned: true, wroteNewest: false });
    expect((await must(amina.get(`${round.path}/ideas/${benches}/review`))).you.mayReply).toBe(true);
    await must(reviewer.post(`${round.path}/ideas/${benches}/review`, yes({ feasible: 'changes', after: 1, changes: 'Three benches, in front of the bakery.', showName: true })));
    const seen = await must(stranger.get(`${round.path}/ideas/${shade}/review`));
    expect(seen).toMatchObject({ answersFor: benches, project: null, you: { mayReply: false, isConcerned: false } });
    expect(seen.versions).toMatchObject([
      { version: 2, feasible: 'changes', costMinor: 400_000, name: 'reviewer', isLate: false, replies: [] },
      { version: 1, feasible: 'no', name: null, role: 'Parks team', costMinor: null, replies: [{ idea: seats, by: 'Joseph O’Neill', words: 'Not in front of the bakery.' }] },
    ]);

    // The day of the promise passes: what was not answered says so, and a late answer says that it is late.
    world.clock.forward(49 * 60);
    expect((await must(stranger.get(`${round.path}/ideas/${typed[1]}`))).standing).toBe('unanswered');
    await must(reviewer.post(`${round.path}/ideas/${typed[1]}/review`, { feasible: 'no', after: 0, reasons: 'The pond is a nursery for newts.', role: 'Parks team', showName: false }));
    expect((await must(stranger.get(`${round.path}/ideas/${typed[1]}/review`))).versions[0].isLate).toBe(true);

    const { project } = await must(administrator.post(`${round.path}/ideas/${benches}/project`, { version: 2 }));
    expect(await must(administrator.post(`${round.path}/ideas/${benches}/project`, { version: 2 }))).toEqual({ project });
    expect((await must(stranger.get(`${round.path}/ideas/${benches}`))).project).toBeNull();
    await moveTo(world, round, 'notice');
    const { projects } = await must(stranger.get(`${round.path}/projects`));
    expect(projects).toMatchObject([{ number: project, title: 'Benches on Kiln Street', costMinor: 400_000, delivererName: 'Kiln Street Friends', summary: 'Four benches, in the shade.' }]);
    expect((await must(stranger.get(`${round.path}/project/${project}`))).description).toBe('Four benches, in the shade.\n\nThree benches, in front of the bakery.');
    expect(await must(stranger.get(`${round.path}/projects/${projects[0].id}/ideas`))).toMatchObject({
      names: ['Amina Yusuf', 'Joseph O’Neill'], neighbours: 2, ideas: [{ number: 1 }, { number: 2 }, { number: 3 }, { number: 4 }], review: { idea: benches, keeperName: 'The parks team', vat: 'included', runningMinor: 0 },
    });
    expect((await must(stranger.get(`${round.path}/ideas/${seats}`))).project).toBe(project);
    await moveTo(world, round, 'voting');
    expect((await must(stranger.get(`${round.path}`))).projects).toBe(1);

    // Nothing that was private is anywhere in what strangers were shown.
    const pages = await Promise.all(['', '/ideas', '/projects', '/interests', ...[1, 2, 3, 4, 5].flatMap((n) => [`/ideas/${n}`, `/ideas/${n}/review`]), `/projects/${projects[0].id}/ideas`].map((each) => stranger.get(`${round.path}${each}`)));
    const said = JSON.stringify(pages.map((page) => page.body));
    for (const secret of ['amina@example.org', '+447700900123', 'Hidden Person', amina.accountId, quiet.accountId, reviewer.accountId, resident.accountId]) expect(said).not.toContain(secret);
    const { rows } = await world.superuser(`select name, subject from event where subject ->> 'round' = $1 and name ~ '^(proposal|review)'`, [round.id]);
    expect(new Set(rows.map((row) => row.name))).toEqual(new Set(['proposal.sent', 'proposal.entered', 'proposal.changed', 'proposal.joined', 'proposal.split', 'review.answered', 'review.replied', 'review.revised', 'review.accepted']));
    expect(JSON.stringify(rows)).not.toMatch(/Amina|example\.org|Hidden/);
  });

  it('is withdrawn by whoever sent it, and who that was is forgotten', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    const number = await send(author, round, 'A flagpole', { name: 'Vera Stone', showName: true, contact: 'vera@example.org' });
    await must(author.post(`${round.path}/ideas/${number}/withdraw`));
    expect((await world.visitor().get(`${round.path}/ideas/${number}`)).status).toBe(404);
    expect((await world.fund.people.administrator.get(`${round.path}/ideas/${number}/proposer`)).status).toBe(404);
    expect((await must(author.get(`${round.path}/my-ideas`))).ideas).toMatchObject([{ number, standing: 'withdrawn', by: null }]);
    expect((await must(world.visitor().get(`${round.path}/ideas`))).total).toBe(0);
    expect((await world.fund.people.resident.send('PUT', `${round.path}/ideas/${number}/support`)).status).toBe(404);
    expect((await author.post(`${round.path}/ideas/${number}/withdraw`)).status).toBe(404);
    expect((await world.superuser(`select count(*)::int as n from proposal_person where name = 'Vera Stone'`)).rows[0].n).toBe(0);
    // The number is not given to another.
    expect(await send(author, round, 'A second thought')).toBe(number + 1);
  });

  it('is shown to its proposer with what is private, and to administrators on request', async () => {
    const round = await gather(world);
    const author = await neighbour(world);
    const number = await send(author, round, 'A clock', { name: 'Vera Stone', contact: 'Ring 12' });
    const own = { name: 'Vera Stone', showName: false, contact: 'Ring 12' };
    expect(await must(author.get(`${round.path}/ideas/${number}`))).toMatchObject({ by: null, own, you: { isAuthor: true, supports: false } });
    expect(await must(world.fund.people.administrator.get(`${round.path}/ideas/${number}/proposer`))).toEqual(own);
    await must(author.send('PUT', `${round.path}/ideas/${number}`, { showName: true }));
    expect((await must(world.visitor().get(`${round.path}/ideas/${number}`))).by).toBe('Vera Stone');
    expect((await author.send('PUT', `${round.path}/ideas/${number}`, { name: null })).body).toMatchObject({ code: 'wrong-shape', fields: ['name'] });
  });

  it('opens on its day, where the draft has one', async () => {
    const { administrator } = world.fund.people;
    const { slug } = await must(administrator.post(`/funds/${world.fund.slug}/rounds`, { title: 'Opens by itself', ideasOpenAt: new Date(world.clock.now.getTime() + 3_600_000).toISOString() }));
    const phase = async () => (await must(administrator.get(`/funds/${world.fund.slug}/rounds/${slug}`))).phase;
    await advanceDueRounds(world.app.services, world.clock.now);
    expect(await phase()).toBe('draft');
    world.clock.forward(60);
    await advanceDueRounds(world.app.services, world.clock.now);
    expect(await phase()).toBe('ideas');
  });
});
