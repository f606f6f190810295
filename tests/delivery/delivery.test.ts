/** What becomes of a project that won, through the API: promised, told, delayed, done, corrected, and never changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareDue } from '@commonpot/server/platform/pictures/jobs';
import { dayIn } from '@commonpot/server/platform/days';
import { standingOf, type Told } from '@commonpot/server/votes/delivery/rules';
import type { Message } from '@commonpot/server/platform/messages';
import { makeWorld, type World } from '../lib/world.ts';
import { must } from '../rounds/set-up.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from '../votes/voting-round.ts';
import { photo, sendForm } from './photo.ts';

let world: World;
let round: VotingRound;
let won: string;
let lost: string;
beforeAll(async () => {
  world = await makeWorld();
  round = await openVoting(world, { codes: 1 });
  await must(cast(await phoneWith(world, round, round.codes[0] as string), round, draw('2')));
  const { administrator } = world.fund.people;
  await must(administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'Everybody has voted' }));
  await countAndSeal(world);
  const { projects } = await must(administrator.get(`${round.path}/projects`));
  [won, lost] = ['2', '4'].map((number) => `${round.path}/projects/${projects.find((each: any) => each.number === number).id}`) as [string, string];
});
afterAll(() => world.close());

const step = (change: object = {}) => ({ title: 'The benches are ordered', who: 'Kiln Street Friends', dueOn: '2026-11-25', draft: crypto.randomUUID(), ...change });
const news = (change: object = {}) => ({ kind: 'news', words: 'The first bench is in.', draft: crypto.randomUUID(), ...change });
const read = async () => (await must(world.visitor().get(`${round.path}/delivery?project=${won.split('/').at(-1)}`)));

describe('delivery', () => {
  it('goes from a promise over a delay to done, each told at once and kept as it was told', async () => {
    const { administrator, resident, reviewer } = world.fund.people;
    expect((await administrator.post(`${won}/milestones`, step())).body).toMatchObject({ code: 'wrong-phase', phase: 'counting' });
    expect(await read()).toEqual({ projects: [], overdue: 0, may: [] });
    await must(administrator.post(`${round.path}/transitions`, { to: 'results', reason: 'Nobody objected' }));
    for (const who of [resident, reviewer]) expect((await who.post(`${won}/milestones`, step())).body.code).toBe('not-allowed');
    expect((await administrator.post(`${lost}/milestones`, step())).body.code).toBe('not-awarded');
    expect((await sendForm(administrator, `${lost}/news`, news())).body.code).toBe('not-awarded');

    const draft = step();
    const twice = await Promise.all([administrator.post(`${won}/milestones`, draft), administrator.post(`${won}/milestones`, draft)]);
    expect(new Set(twice.map((each) => each.body.id)).size).toBe(1);
    const ordered = twice[0]?.body.id as string;
    const built = (await must(administrator.post(`${won}/milestones`, step({ title: 'The benches stand', dueOn: '2027-02-01' })))).id;
    expect(await must(world.visitor().get(`${round.path}/delivery`))).toMatchObject({ overdue: 0, may: [], projects: [{ number: '2', milestones: [{ id: ordered, standing: 'planned', isOverdue: false }, { id: built }], news: [] }] });

    world.clock.forward(5 * 24 * 60);
    expect(await must(administrator.get(`${round.path}/delivery`))).toMatchObject({ overdue: 1, may: ['delivery.plan', 'delivery.publish'] });
    expect((await administrator.post(`${won}/news`, news({ kind: 'delayed', milestone: ordered }))).body).toMatchObject({ code: 'wrong-shape' });
    await must(administrator.post(`${won}/news`, news({ kind: 'delayed', milestone: ordered, words: 'We wait for wood.', reason: 'The mill is closed.', newDueOn: '2026-12-20' })));
    expect(await read()).toMatchObject({ overdue: 0, projects: [{ milestones: [{ standing: 'delayed', plannedFor: '2026-11-25', dueOn: '2026-12-20' }, {}], news: [{ kind: 'delayed', reason: 'The mill is closed.', newDueOn: '2026-12-20', milestone: { id: ordered } }] }] });

    const told = news({ kind: 'done', milestone: ordered, words: 'The benches are ordered and paid.\r\nTwo of them.', pictureWords1: 'The order, signed', pictureWords2: 'Wood' });
    const bring = async () => sendForm(administrator, `${won}/news`, { ...(told as unknown as Record<string, string>), picture1: await photo(300, 200, 50), picture2: await photo(300, 200, 51) });
    const sent = [await bring(), await bring()].map((each) => each.body.id as string);
    expect(sent[0]).toBe(sent[1]);
    await prepareDue(world.app.services, world.clock.now);
    const [project] = (await read()).projects;
    expect(project.news[1]).toMatchObject({ words: 'The benches are ordered and paid.\nTwo of them.', isCorrected: false, pictures: [{ state: 'ready', words: 'The order, signed' }, { state: 'ready', words: 'Wood' }] });
    expect((await administrator.post(`${won}/news`, news({ kind: 'done', milestone: ordered }))).body.code).toBe('already-done');

    // It was another order. The word is taken back, and the day that held before holds again.
    const takeBack = () => administrator.post(`${won}/news`, news({ kind: 'correction', corrects: sent[0], words: 'That was another order.' }));
    const both = await Promise.all([takeBack(), takeBack()]);
    expect(both.map((each) => each.body.code ?? 'done').sort()).toEqual(['already-corrected', 'done']);
    const correction = both.find((each) => each.status === 201)?.body.id;
    expect((await administrator.post(`${won}/news`, news({ kind: 'correction', corrects: correction }))).status).toBe(404);
    expect(await read()).toMatchObject({ projects: [{ milestones: [{ standing: 'delayed', dueOn: '2026-12-20', doneAt: null }, {}], news: [{}, { isCorrected: true }, { kind: 'correction', corrects: sent[0], milestone: { id: ordered } }] }] });
    const races = await Promise.all([1, 2].map(() => administrator.post(`${won}/news`, news({ kind: 'done', milestone: ordered }))));
    expect(races.map((each) => each.body.code ?? 'done').sort()).toEqual(['already-done', 'done']);
    expect((await read()).projects[0].milestones[0]).toMatchObject({ standing: 'done', doneAt: world.clock.now.toISOString() });

    // A milestone of nobody, and a picture without words.
    expect((await administrator.post(`${won}/news`, news({ kind: 'done', milestone: crypto.randomUUID() }))).status).toBe(404);
    expect((await sendForm(administrator, `${won}/news`, { ...(news() as Record<string, string>), picture1: await photo(30, 30) })).body.code).toBe('picture-words-missing');
    expect((await sendForm(administrator, `${won}/news`, { ...(news() as Record<string, string>), picture1: Buffer.from('GIF89a'), pictureWords1: 'A cat' })).body.code).toBe('picture-wrong-kind');
    expect((await read()).projects[0].news).toHaveLength(4);

    for (const table of ['delivery_milestone', 'delivery_news']) for (const change of [`update ${table} set draft_id = id`, `delete from ${table}`, `truncate ${table} cascade`]) await expect(world.superuser(change)).rejects.toThrow('append-only');
    const { rows } = await world.superuser(`select name from event where name ~ '^delivery' order by id`);
    expect(rows.map((row) => row.name)).toEqual(['delivery.planned', 'delivery.planned', 'delivery.delayed', 'delivery.done', 'delivery.corrected', 'delivery.done']);
    // The fund beside it sees nothing of it.
    expect((await world.otherFund.people.administrator.get(`/funds/${world.otherFund.slug}/rounds/${round.path.split('/').at(-1)}/delivery`)).status).toBe(404);

    await must(administrator.post(`${round.path}/transitions`, { to: 'delivery', reason: 'test' }));
    await must(administrator.post(`${won}/news`, news()));
    await must(administrator.post(`${round.path}/transitions`, { to: 'closed', reason: 'test' }));
    expect((await administrator.post(`${won}/news`, news())).body).toMatchObject({ code: 'wrong-phase', phase: 'closed' });
    expect((await read()).projects[0].news).toHaveLength(5);
    await expect(world.superuser(`insert into delivery_news select fund_id, round_id, project_id, gen_random_uuid(), kind, milestone_id, words, reason, new_due_on, corrects_id, gen_random_uuid(), published_by, published_at from delivery_news limit 1`)).rejects.toThrow('not being delivered');
  });

  it('is told by whoever delivers, through a link of their own, until the delivery is over', async () => {
    const { administrator, resident } = world.fund.people;
    const own = await openVoting(world, { codes: 1 });
    await must(cast(await phoneWith(world, own, own.codes[0] as string), own, draw('2')));
    const move = (to: string) => must(administrator.post(`${own.path}/transitions`, { to, reason: 'test' }));
    await move('counting');
    await countAndSeal(world);
    const { projects } = await must(administrator.get(`${own.path}/projects`));
    const project = `${own.path}/projects/${projects.find((each: any) => each.number === '2').id}`;
    const make = (by = administrator) => by.post(`${project}/delivery-link`);
    expect((await make()).body.code).toBe('wrong-phase');
    await move('results');
    for (const by of [resident, world.otherFund.people.administrator]) expect((await make(by)).body.code).toBe('not-allowed');
    const look = (token: string) => world.visitor().post(`${own.path}/deliverer`, { token });
    const tell = (token: string, parts: Record<string, string | Buffer> = {}) => {
      const holder = world.visitor();
      holder.cookies.set('deliverer', token);
      return sendForm(holder, `${own.path}/deliverer/news`, { words: 'The first bench is in.', draft: crypto.randomUUID(), ...parts });
    };
    // Sent where the administrator says, in the reader's language; the address is kept nowhere.
    const send = (address: string) => administrator.post(`${project}/delivery-link`, { tell: { channel: address.includes('@') ? 'email' : 'sms', address, language: 'pl' } });
    expect((await send('not a number')).body.code).toBe('wrong-shape');
    const { token: lostToken, sent } = await must(send(' Trust@Example.org '));
    const sealed = (await world.superuser(`select data from pgboss.job where name = 'people.send-message'`)).rows as { data: { sealed: string } }[];
    const messages = sealed.map((row) => JSON.parse(world.app.services.secrets.open('message', Buffer.from(row.data.sealed, 'base64'))) as Message);
    const sentMessage = messages.find((each) => each.recipient === 'trust@example.org');
    expect([sent, sentMessage?.language, sentMessage?.body.includes(`/deliver/${lostToken}`)]).toEqual([true, 'pl', true]);
    const { token, sent: sentAgain } = await must(make());
    expect(sentAgain).toBe(false);
    for (const wrong of [lostToken, 'A'.repeat(22)]) expect([(await look(wrong as string)).body.code, (await tell(wrong as string)).body.code]).toEqual(['wrong-code', 'wrong-code']);
    // A link opens its own round and no other.
    expect((await world.visitor().post(`${round.path}/deliverer`, { token })).body.code).toBe('wrong-code');
    expect((await must(look(token as string))).project).toMatchObject({ number: '2', delivererName: 'Tanner Hill Community Trust' });
    const same = { draft: crypto.randomUUID(), picture1: await photo(40, 30, 3), pictureWords1: 'A bench', picture2: await photo(30, 40, 4), pictureWords2: 'Its view' };
    const twice = await Promise.all([tell(token as string, same), tell(token as string, same)]);
    expect(new Set(twice.map((each) => each.body.id)).size).toBe(1);
    const told = async () => (await must(world.visitor().get(`${own.path}/delivery`))).projects.find((each: any) => each.number === '2').news;
    expect(await told()).toMatchObject([{ kind: 'news', byDeliverer: true, words: 'The first bench is in.', pictures: [{ words: 'A bench' }, { words: 'Its view' }] }]);
    // That a step is done is the fund's word: whatever else a form says, it is news.
    const { id: stepId } = await must(administrator.post(`${project}/milestones`, step()));
    await must(tell(token as string, { kind: 'done', milestone: stepId }));
    expect((await told())[1]).toMatchObject({ kind: 'news', byDeliverer: true, milestone: { id: stepId } });
    await must(administrator.post(`${project}/news`, news({ kind: 'done', milestone: stepId })));
    expect((await told())[2].byDeliverer).toBe(false);
    for (const answer of [await look(token as string), await tell(token as string)]) expect(answer.body.code).toBe('wrong-phase');
    expect((await world.superuser('select count(*)::int as n from delivery_link where token_hash = $1', [Buffer.from(token as string)])).rows[0].n).toBe(0);
    await must(administrator.post(`${project}/delivery-link/end`));
    expect((await administrator.post(`${project}/delivery-link/end`)).status).toBe(404);
    expect((await look(token as string)).body.code).toBe('wrong-code');
  });

  it('stands where the last word left it, on the calendar of the fund', () => {
    const milestone = { id: 'm', dueOn: '2026-12-01' };
    const at = (n: number) => new Date(Date.UTC(2026, 10, n));
    const one = (id: string, kind: Told['kind'], change: Partial<Told> = {}): Told => ({ id, kind, milestoneId: 'm', newDueOn: null, correctsId: null, publishedAt: at(1), ...change });
    const late = one('a', 'delayed', { newDueOn: '2026-12-05' });
    const later = one('b', 'delayed', { newDueOn: '2026-12-09' });
    expect(standingOf(milestone, [], '2026-12-01')).toMatchObject({ standing: 'planned', isOverdue: false });
    expect(standingOf(milestone, [], '2026-12-02')).toMatchObject({ isOverdue: true });
    expect(standingOf(milestone, [late, later], '2026-12-09')).toMatchObject({ standing: 'delayed', dueOn: '2026-12-09', isOverdue: false });
    expect(standingOf(milestone, [late, later, one('c', 'correction', { correctsId: 'b' })], '2026-12-06')).toMatchObject({ dueOn: '2026-12-05', isOverdue: true });
    expect(standingOf(milestone, [one('a', 'done', { milestoneId: 'other' })], '2026-12-02').standing).toBe('planned');
    expect(standingOf(milestone, [late, one('d', 'done')], '2027-01-01')).toMatchObject({ standing: 'done', isOverdue: false, doneAt: at(1) });
    expect([dayIn(new Date('2026-07-01T23:30:00Z'), 'Europe/London'), dayIn(new Date('2026-07-01T23:30:00Z'), 'America/New_York')]).toEqual(['2026-07-02', '2026-07-01']);
  });
});
