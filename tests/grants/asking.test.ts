/** Asking: one request whatever the line does, a private link that says what became of it, on somebody's behalf, and who is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { forgetDueDisclosures } from '@commonpot/server/grants/safeguarding/jobs';
import { tellNews } from '@commonpot/server/grants/requests/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { ask, asking, messagesOf, newNumber, openGrants, queue, type OpenGrants } from './granting.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

const at = () => `/funds/${world.fund.slug}`;
const look = (token: string) => world.visitor().post(`${at()}/requests/look`, { token });
const withdraw = (token: string) => world.visitor().post(`${at()}/requests/withdraw`, { token });
const yes = async (round: OpenGrants, reference: string, who: 'administrator' | 'administrator2' = 'administrator') =>
  world.fund.people[who].post(`${at()}/requests/${(await queue(world.fund, round)).find((each) => each.reference === reference).id}/decisions`, { verdict: 'yes' });
/** Messages that wait to be sent. */
const messages = () => messagesOf(world);

describe('a private link', () => {
  it('says what became of a request with honest dates, and opens nothing else', async () => {
    const round = await openGrants(world.fund);
    const { token, reference } = await must(ask(world, round, { amountMinor: 40_00 }));
    expect(await must(look(token))).toMatchObject({ reference, state: 'asked', amountMinor: 40_00, answerBy: '2026-11-24T10:00:00.000Z', isLate: false, payBy: null, mayWithdraw: true });
    world.clock.forward(4 * 24 * 60);
    expect((await must(look(token))).isLate).toBe(true);
    await must(yes(round, reference));
    expect(await must(look(token))).toMatchObject({ state: 'awarded', isLate: false, payBy: '2026-11-28T10:00:00.000Z', mayWithdraw: false });
    expect((await withdraw(token)).body.code).toBe('already-decided');
    world.clock.forward(-4 * 24 * 60);
    expect((await look('A'.repeat(22))).body.code).toBe('wrong-code');
    expect((await world.visitor().post(`/funds/${world.otherFund.slug}/requests/look`, { token })).body.code).toBe('wrong-code');
    const dump = (await world.superuser(`select string_agg(r::text, '') as all from request r`)).rows[0].all as string;
    expect(dump).not.toContain(token);
  });

  it('takes a request back in one tap, twice or at once as once, and what was asked counts no longer', async () => {
    const round = await openGrants(world.fund);
    const number = newNumber();
    const { token, reference } = await must(ask(world, round, { number, amountMinor: 200_00 }));
    await must(ask(world, round, { number, amountMinor: 1_00 }));
    expect(await queue(world.fund, round)).toHaveLength(1);
    expect((await Promise.all([withdraw(token), withdraw(token)])).map((each) => each.body.state)).toEqual(['withdrawn', 'withdrawn']);
    expect((await queue(world.fund, round)).some((each) => each.reference === reference)).toBe(false);
    await must(ask(world, round, { number, amountMinor: 200_00 }));
  });

  it('is sent again to its own address, three times an hour, and says nothing to anybody else', async () => {
    const round = await openGrants(world.fund);
    const number = newNumber();
    const { token } = await must(ask(world, round, { number, mayWrite: true }));
    // Where a message is not safe, none is sent, whoever asks for it.
    const quiet = newNumber();
    const { token: quietToken } = await must(ask(world, round, { number: quiet }));
    const before = (await messages()).length;
    const lost = (address: string, channel = 'sms') => must(world.visitor().post(`${at()}/requests/lost`, { channel, address }));
    const answers = [await lost(number), await lost(quiet), await must(world.visitor().post(`${at()}/requests/send`, { token: quietToken })), await lost(newNumber()), await lost('nobody'), await lost('nobody', 'email')];
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    const sent = (await messages()).slice(before);
    expect(sent).toHaveLength(1);
    const own = sent[0]?.body.match(/\/asked\/([\w-]{22})/)?.[1] as string;
    expect(own).not.toBe(token);
    expect([(await must(look(own))).isOwn, (await must(look(token))).isOwn]).toEqual([true, false]);
    for (let again = 0; again < 4; again += 1) await lost(number);
    expect((await messages()).slice(before)).toHaveLength(3);
  });

  it('is in a message about news only where somebody said it is safe, once for each state, in words that name nothing', async () => {
    const round = await openGrants(world.fund);
    await tellNews(world.app.services);
    const [safe, unsafe] = [await must(ask(world, round, { mayWrite: true, language: 'pl' })), await must(ask(world, round))];
    expect(await tellNews(world.app.services)).toBe(0);
    for (const { reference } of [safe, unsafe]) await must(yes(round, reference));
    const before = (await messages()).length;
    const told = await Promise.all([tellNews(world.app.services), tellNews(world.app.services)]);
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(1);
    const [message, ...others] = (await messages()).slice(before);
    expect(others).toEqual([]);
    expect(message?.body).toMatch(/^Są wiadomości/);
    expect(message?.body).toMatch(/\/asked\/[\w-]{22}/);
    expect(`${message?.subject} ${message?.body}`.replace(/http\S+/, '')).not.toMatch(/£|Winter|Fund/);
  });
});

describe('somebody who must not be held to others at the door', () => {
  it('says so in private, is let past the cap of the address by two, and stands apart from then on', async () => {
    const round = await openGrants(world.fund, { charter: { householdCapMinor: 200_00, bands: [{ upToMinor: 200_00, agree: 'at-once', proofOfAddress: false }], atOnceDailyMinor: 1_000_00 } });
    const household = '7 Tannery Row';
    await must(ask(world, round, { household, amountMinor: 200_00 }));
    const number = newNumber();
    const taken = await must(ask(world, round, { household, number, amountMinor: 50_00 }));
    expect(taken.state).toBe('asked');
    await must(withdraw(taken.token));
    const { reference, state } = await must(ask(world, round, { household, number, amountMinor: 50_00, apart: true }));
    expect(state).toBe('asked');
    expect((await must(yes(round, reference))).state).toBe('half');
    expect((await must(yes(round, reference, 'administrator2'))).state).toBe('awarded');
    const { rows } = await world.superuser(`select stands_apart from applicant a join request r on r.applicant_id = a.id where r.reference = $1`, [reference]);
    expect(rows).toEqual([{ stands_apart: true }]);
    await must(ask(world, round, { number: newNumber(), amountMinor: 10_00, apart: true }));
  });
});

describe('on somebody’s behalf', () => {
  it('a member asks with consent, the queue says who brings how many, and they never decide it', async () => {
    const round = await openGrants(world.fund);
    const { resident, administrator, officer } = world.fund.people;
    const path = `${round.path}/requests/for`;
    const body = (change = {}) => ({ ...asking({ contact: null, amountMinor: 20_00 }), consent: 'there', collects: true, ...change });
    expect((await world.visitor().post(path, body())).status).toBe(401);
    expect((await officer.post(path, body())).status).toBe(403);
    const { consent: _consent, ...without } = body();
    expect((await resident.post(path, without)).status).toBe(400);
    const same = body();
    const answers = await Promise.all([1, 2, 3].map(() => resident.post(path, same)));
    expect(answers.map((each) => each.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((each) => each.body.token)).size).toBe(1);
    await must(resident.post(path, body({ contact: { channel: 'sms', address: newNumber() } })));
    const byPhone = await must(administrator.post(path, body({ consent: 'phone', collects: false, group: 'Kiln Street Choir' })));
    const waiting = await queue(world.fund, round);
    expect(waiting.map((each) => each.helper).slice(0, 2)).toEqual(Array(2).fill(expect.objectContaining({ brought: 2, collects: true, consent: 'there' })));
    const group = waiting.find((each) => each.reference === byPhone.reference);
    expect((await yes(round, byPhone.reference)).body.code).toBe('knows-applicant');
    expect((await must(yes(round, byPhone.reference, 'administrator2'))).state).toBe('awarded');
    expect(group).toMatchObject({ notYou: 'you-helped', forGroup: true, helper: { consent: 'phone', collects: false } });
  });

  it('is never given at once without an address of the person’s own', async () => {
    const round = await openGrants(world.fund, { charter: { bands: [{ upToMinor: 50_00, agree: 'at-once', proofOfAddress: false }], atOnceDailyMinor: 100_00 } });
    const answer = await must(world.fund.people.resident.post(`${round.path}/requests/for`, { ...asking({ contact: null, amountMinor: 20_00 }), consent: 'written', collects: false }));
    expect(answer.state).toBe('asked');
  });
});

describe('what somebody types', () => {
  it('is one address, so that nobody is two people at one mailbox, and turns no words around it', async () => {
    const round = await openGrants(world.fund);
    const by = (address: string, name = 'Sam') => ask(world, round, { contact: { channel: 'email', address }, name });
    for (const address of ['<sam@example.org>', 'sam@example.org,rosa@example.org', 'team:sam@example.org;', 'sam@example.org(hello)', 'sam@example.org,']) expect((await by(address)).body, address).toMatchObject({ code: 'wrong-shape', fields: ['contact'] });
    const { reference } = await must(by('Sam@Example.org', 'Sam\u202e \u2067asks for\u2069'));
    expect((await queue(world.fund, round)).find((each) => each.reference === reference).name).toBe('Sam asks for');
  });
});

describe('before anybody types', () => {
  it('a round says the most it gives, what is left, and its pauses; the list of local help is the fund’s own', async () => {
    const round = await openGrants(world.fund, { potMinor: 90_00 });
    expect(await must(world.visitor().get(round.path))).toMatchObject({ leftMinor: 90_00, isAsking: true });
    const mine = async () => (await must(world.visitor().get(`${at()}/grants`))).rounds.find((each: { slug: string }) => each.slug === round.slug);
    expect(await mine()).toMatchObject({ mostMinor: 200_00 });
    const { administrator, resident } = world.fund.people;
    await must(administrator.send('PUT', `${round.path}/pause`, { until: '2026-11-22T08:00:00Z' }));
    expect(await mine()).toMatchObject({ mostMinor: null, pausedUntil: '2026-11-22T08:00:00.000Z' });
    const sign = { name: 'Advice at the library', words: 'Mondays, 10 to 12', phone: '0117 496 0000', url: null };
    expect((await resident.post(`${at()}/signposts`, sign)).status).toBe(403);
    const { id } = await must(administrator.post(`${at()}/signposts`, sign));
    expect((await administrator.post(`${at()}/signposts`, sign)).body.code).toBe('already-exists');
    expect((await administrator.post(`${at()}/signposts`, { ...sign, name: 'x', url: 'javascript:alert(1)' })).status).toBe(400);
    expect((await must(world.visitor().get(`${at()}/signposts`))).signposts).toEqual([{ ...sign, id }]);
    expect((await must(world.visitor().get(`/funds/${world.otherFund.slug}/signposts`))).signposts).toEqual([]);
    await must(administrator.send('DELETE', `${at()}/signposts/${id}`));
    await must(administrator.send('DELETE', `${at()}/signposts/${id}`));
    expect((await must(world.visitor().get(`${at()}/signposts`))).signposts).toEqual([]);
  });
});

describe('a worry about somebody’s safety', () => {
  it('goes in one tap to the leads the fund named, apart from the decision, and ends on its day', async () => {
    const round = await openGrants(world.fund);
    const { administrator, administrator2, reviewer, resident } = world.fund.people;
    const { token, reference } = await must(ask(world, round, { words: 'For the locks.' }));
    const tell = () => world.visitor().post(`${at()}/requests/disclose`, { token, words: 'He reads my post.' });
    const list = (who = reviewer) => who.get(`${at()}/safeguarding/disclosures`);
    expect((await tell()).body.code).toBe('no-lead');
    const members = (await must(administrator.get(`${at()}/members`))).members as { id: string; role: string; isYou: boolean }[];
    const name = (who = administrator, member = members.find((each) => each.role === 'reviewer')) => who.post(`${at()}/safeguarding/leads`, { member: member?.id, channel: 'email', address: 'lead@example.org' });
    expect((await name(administrator, members.find((each) => each.isYou))).body.code).toBe('same-person');
    expect((await name(resident)).status).toBe(403);
    const { id: lead } = await must(name());
    expect((await name(administrator2)).body.code).toBe('already-exists');
    // Who named them agrees to nothing: one alone could name somebody whom they made up.
    const agree = (id: string, who = administrator2) => who.post(`${at()}/safeguarding/leads/${id}/agree`);
    expect([(await tell()).body.code, (await list()).status, (await agree(lead, administrator)).body.code, (await agree(lead, resident)).status]).toEqual(['no-lead', 404, 'same-person', 403]);
    expect((await must(administrator.get(`${at()}/safeguarding/leads`)))).toEqual({ leads: [], waiting: [{ id: lead, name: expect.any(String), mayAgree: false }] });
    await must(agree(lead));
    expect((await agree(lead)).body.code).toBe('already-decided');
    expect((await must(world.visitor().get(`${at()}/safeguarding/leads`)))).toEqual({ leads: [{ id: lead, name: expect.any(String) }], waiting: [] });

    const before = (await messages()).length;
    await must(tell());
    const id = (await queue(world.fund, round)).find((each) => each.reference === reference).id;
    await must(administrator.post(`${at()}/requests/${id}/disclosures`, { words: null }));
    const told = (await messages()).slice(before);
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told)).not.toMatch(/post|Sam|locks/);
    expect((await must(list())).disclosures).toEqual([
      expect.objectContaining({ reference, isOwn: false, words: null, said: 'For the locks.' }), expect.objectContaining({ reference, isOwn: true, words: 'He reads my post.', name: 'Sam' })]);
    for (const who of [administrator, resident, world.otherFund.people.reviewer]) expect((await list(who)).status).toBe(404);
    expect(JSON.stringify(await queue(world.fund, round))).not.toContain('He reads my post.');
    expect(JSON.stringify((await world.superuser('select * from event where name like $1', ['disclosure%'])).rows)).toBe('[]');
    // The database shows nothing to the app either, but for a lead's own account.
    const seenBy = (account: string | null) => within(world.app.services.db, { fund: world.fund.id, ...(account ? { account } : {}) }, async (tx) => (await tx.execute('select id from disclosure')).rows.length);
    expect([await seenBy(null), await seenBy(administrator.accountId), await seenBy(reviewer.accountId)]).toEqual([0, 0, 2]);

    // Whoever holds a link, or stole it, does not ring the leads all night; what they tell is kept all the same.
    const another = await must(ask(world, round));
    const quiet = (await messages()).length;
    for (let each = 0; each < 5; each += 1) await must(world.visitor().post(`${at()}/requests/disclose`, { token: another.token, words: `${each}` }));
    expect((await messages()).length - quiet).toBe(3);
    expect((await must(list())).disclosures).toHaveLength(7);
    await world.superuser(`delete from disclosure where request_id = (select id from request where reference = $1)`, [another.reference]);

    // A lead at the same door, or whoever brought the request, reads nothing of it and is not told.
    const brought = await must(reviewer.post(`${round.path}/requests/for`, { ...asking({ name: 'Quiet' }), consent: 'there', collects: true }));
    expect((await world.visitor().post(`${at()}/requests/disclose`, { token: brought.token, words: 'It is him.' })).body.code).toBe('no-lead');
    await must(agree((await must(name(administrator2, members.find((each) => each.role === 'officer')))).id, administrator));
    const ring = (await messages()).length;
    await must(world.visitor().post(`${at()}/requests/disclose`, { token: brought.token, words: 'It is him.' }));
    expect((await messages()).length - ring).toBe(1);
    const { disclosures: seen } = await must(list(world.fund.people.officer));
    expect([seen[0].words, JSON.stringify((await must(list())).disclosures).includes('It is him.')]).toEqual(['It is him.', false]);
    await must(reviewer.send('DELETE', `${at()}/safeguarding/disclosures/${seen[0].id}`));
    await must(world.fund.people.officer.send('DELETE', `${at()}/safeguarding/disclosures/${seen[0].id}`));
    expect((await must(list(world.fund.people.officer))).disclosures.some((each: { id: string }) => each.id === seen[0].id)).toBe(false);

    const [newest] = (await must(list())).disclosures;
    await must(reviewer.send('DELETE', `${at()}/safeguarding/disclosures/${newest.id}`));
    expect((await must(list())).disclosures).toHaveLength(1);
    const inDays = (days: number) => new Date(world.clock.now.getTime() + days * 86_400_000);
    expect([await forgetDueDisclosures(world.app.services, inDays(179)), await forgetDueDisclosures(world.app.services, inDays(181)), await forgetDueDisclosures(world.app.services, inDays(181))]).toEqual([0, 1, 0]);
    await must(administrator2.send('DELETE', `${at()}/safeguarding/leads/${lead}`));
    expect((await list()).status).toBe(404);
  });
});
