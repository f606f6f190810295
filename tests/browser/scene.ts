/** What the pages of the manifest show: a served world in the middle of its life, made once, through the API. */
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { presets } from '@commonpot/server/votes/counting/presets';
import { award, filledPot, issuePaper, makeRound, must, setAside, take } from '../payouts/house.ts';
import { photo, sendForm } from '../delivery/photo.ts';
import { gather, moveTo, neighbour, send, yes } from '../proposals/gathering.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, PROJECTS, sealServed, type VotingRound } from '../votes/voting-round.ts';
import { newcomer } from '../consent/newcomer.ts';
import { adoptDue } from '@commonpot/server/grants/adoption/jobs';
import { ask, openGrants, plain } from '../grants/granting.ts';
import { makeAward } from '../grants/paying.ts';
import { draftRound } from '../rounds/set-up.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import type { Visitor } from '../lib/world.ts';

/** Rounds by where they stand; `open` takes whoever signs in, and its order in the hall waits for the public beacon; `voting` whoever has a printed code; `ideas` and `review` gather and answer ideas; `hall` has points, areas with money of their own, paper and a drawn order; the result of `aside` was set aside. */
export type RoundName = 'practice' | 'young' | 'draft' | 'ideas' | 'review' | 'voting' | 'open' | 'results' | 'counting' | 'hall' | 'aside' | 'grant' | 'adopting' | 'drawing' | 'drawn';

export interface Scene extends Served {
  slugs: Record<RoundName, string>;
  /** Somebody with a printed code of the open round, who has not voted. */
  voter: Visitor;
  /** Somebody under the age for which the round `young` asks a parent. */
  young: Visitor;
  /** Somebody whose ideas these are: idea 1 of `ideas` and of `review`. */
  proposer: Visitor;
  ids: Record<'project' | 'contribution' | 'pledge' | 'award' | 'voucher' | 'heldVoucher' | 'cash' | 'redemption' | 'shop' | 'delivered', string>;
  /** Somebody of an area with money of its own, who has not voted in `hall`. */
  pointsVoter: Visitor;
  /** Whoever delivers `delivered`, who has opened their link; and its token. */
  deliverer: Visitor;
  delivererToken: string;
  /** Of the private link of somebody who asked. */
  requestToken: string;
  /** The code of a paper voucher, as its square holds it. */
  voucherCode: string;
}

const LONG = 'The round of the Tanner Hill and Lower Ashbourne neighbourhoods';
const slugOf = (round: VotingRound): string => round.path.split('/').at(-1) ?? '';

/** A round that was voted in, counted and published, with its awards. */
async function finishRound(served: Served): Promise<VotingRound> {
  const round = await openVoting(served, { codes: 5, title: `${LONG}, spring` });
  for (const [index, projects] of [['1', '3'], ['1'], ['3'], ['2', '3']].entries()) {
    await must(cast(await phoneWith(served, round, round.codes[index] as string), round, draw(...projects)));
  }
  const { administrator } = served.fund.people;
  await must(administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'Everybody has voted' }));
  await sealServed(served, slugOf(round));
  await must(administrator.post(`${round.path}/transitions`, { to: 'results', reason: 'Nobody objected' }));
  return round;
}

/** A project that won, on its way: a step done, one delayed, one overdue, and news with a photo; the answer is its id. */
async function deliver(served: Served, round: VotingRound): Promise<string> {
  const { administrator } = served.fund.people;
  const { projects } = await must(administrator.get(`${round.path}/delivery`));
  const { id } = projects.find((project: { number: string }) => project.number === '3');
  const path = `${round.path}/projects/${id}`;
  const inDays = (days: number) => new Date(served.clock.now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const who = 'The Tanner Hill and Lower Ashbourne Community Land and Development Trust';
  const plan = async (title: string, days: number): Promise<string> => (await must(administrator.post(`${path}/milestones`, { title, who, dueOn: inDays(days), draft: crypto.randomUUID() }))).id;
  const [bought, fitted] = [await plan('The van is bought', 5), await plan('It is fitted with a workshop', 20)];
  await plan('Somebody is found to drive it', -3);
  const tell = (news: Record<string, string>, picture: Record<string, Buffer> = {}) => sendForm(administrator, `${path}/news`, { draft: crypto.randomUUID(), ...news, ...picture }).then((answer) => must(Promise.resolve(answer)));
  await tell({ kind: 'done', milestone: bought, words: 'A blue van, three years old, for £9,400. It stands behind the library.', pictureWords1: 'The van behind the library' }, { picture1: await photo(600, 400, 140) });
  const wrong = await tell({ kind: 'news', words: 'The first repairs are on Saturday.' });
  await tell({ kind: 'correction', corrects: wrong.id, words: 'Not on this Saturday: the week after.' });
  await tell({ kind: 'delayed', milestone: fitted, words: 'The carpenter is ill.', reason: 'No other carpenter is free before spring.', newDueOn: inDays(90) });
  return id;
}

/** Decision day in a hall: points, an area with money of its own, the order drawn, paper on the tables. */
async function makeHall(served: Served): Promise<{ slug: string; pointsVoter: Visitor }> {
  const { administrator, administrator2 } = served.fund.people;
  const area = 'Kiln Street and the lanes behind it';
  const round = await openVoting(served, {
    codes: 1, title: `${LONG}, in the hall`, form: { kind: 'points', total: 10, most: 5 },
    onBallot: [...PROJECTS, { number: '5', title: 'Lamps on Kiln Street', costMinor: 400_000, area }, { number: '6', title: 'A water butt', costMinor: 90_000, area }],
    more: { area: [area], rule: { ...presets.greedy, pots: { areas: [{ area, budgetMinor: 1_000_000 }], unspent: 'stays' } } },
  });
  await must(administrator.post(`${round.path}/hall-order`, { how: 'Five dice, thrown by the youngest person in the hall, on Saturday at 6 pm. Whoever is there watches.' }));
  for (const by of [administrator, administrator2]) await must(by.post(`${round.path}/hall-order/draw`, { drawn: '3 5 1 6 2' }));
  await must(administrator.post(`${round.path}/paper/batches`, { place: `${LONG}, the table by the door`, sheets: 300 }));
  await must(administrator.post(`${round.path}/roll`, { entries: ['Bartholomew Featherstonehaugh-Cholmondeley', 'Ana'].map((name) => ({ name, postcode: 'BS5 6ZZ' })) }));
  await must(administrator.post(`${round.path}/codes`, { forRoll: true }));
  const { codes } = await must(administrator.post(`${round.path}/codes`, { count: 1, area }));
  return { slug: slugOf(round), pointsVoter: await phoneWith(served, round, codes[0].code) };
}

/** A result that two people set aside. */
async function setResultAside(served: Served): Promise<string> {
  const { administrator, administrator2 } = served.fund.people;
  const round = await openVoting(served, { codes: 1, title: `${LONG}, set aside` });
  await must(cast(await phoneWith(served, round, round.codes[0] as string), round, draw('1')));
  await must(administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'Everybody has voted' }));
  await sealServed(served, slugOf(round));
  await must(administrator.post(`${round.path}/set-aside`, { reason: 'The roll held people from another borough.' }));
  await must(administrator2.post(`${round.path}/set-aside/confirm`));
  return slugOf(round);
}

/** A round whose objections are open: one that waits for a second person, and two projects that wait for the draw. */
async function closeRound(served: Served): Promise<VotingRound> {
  const round = await openVoting(served, { names: ['Bartholomew Featherstonehaugh-Cholmondeley', 'Ana'], credentials: ['roll', 'code'], form: { kind: 'one' }, title: `${LONG}, counting`, more: { objectionDays: 5, budgetMinor: 1_900_000 }, onBallot: [
    { number: '1', title: 'Warm Thursdays at the Old Bakery', costMinor: 1_000_000 }, { number: '2', title: 'Benches and shade on Kiln Street', costMinor: 1_000_000 },
  ] });
  for (const [index, code] of round.codes.entries()) await must(cast(await phoneWith(served, round, code), round, draw(String(index + 1))));
  const { administrator, administrator2 } = served.fund.people;
  await must(administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'Everybody has voted' }));
  await countAndSeal(served);
  const { entries } = await must(administrator.get(`${round.path}/roll?limit=2`));
  await must(administrator2.post(`${round.path}/objections`, { elector: entries[0].elector, reason: 'Moved away in June, as the council’s register says, and told us so.' }));
  return round;
}

/** Two rounds with ideas: one that takes them, one whose reviewers have answered, revised, been replied to, and missed one. */
async function makeIdeas(served: Served): Promise<{ ideas: string; review: string; proposer: Visitor }> {
  const { administrator, reviewer, resident } = served.fund.people;
  const [proposer, other] = [await neighbour(served), await neighbour(served)];
  const words = { name: 'Bartholomew Featherstonehaugh-Cholmondeley', showName: true, contact: 'a.person@example.org', roughCostMinor: 123_456_789 };
  const ideas = await gather(served, { title: `${LONG}, ideas` });
  const review = await gather(served, { title: `${LONG}, review`, runningCostsAllowed: true });
  for (const round of [ideas, review]) {
    await send(proposer, round, 'Benches with backs and arm rests along the whole of Kiln Street', words);
    for (const title of ['Shade by the playground', 'Seats for waiting at the clinic', 'A repair table on Saturdays', 'Lights under the railway bridge', 'Herbs on the library roof', 'A drinking tap']) await send(other, round, title);
    for (const number of [1, 2]) await must(resident.send('PUT', `${round.path}/ideas/${number}/support`));
  }
  // What neighbours say, one of them hidden, one that waits for a person.
  const talk = `${ideas.path}/discussions/idea/1`;
  const said = async (by: Visitor, words: string, replyTo: string | null = null, name: string | null = null) => (await must(by.post(talk, { draft: crypto.randomUUID(), replyTo, words, name }))).id as string;
  const first = await said(proposer, 'The wall by the bakery gets the sun until four. People already sit on it, and it is cold.', null, 'Bartholomew Featherstonehaugh-Cholmondeley');
  await said(other, 'Then the benches should go in front of it, with their backs to the road.', first);
  const [rude, odd] = [await said(other, 'Whoever wants this has never swept a street.'), await said(proposer, 'Cheap windows, ring me.')];
  for (const id of [rude, odd]) await must(resident.post(`/funds/${served.fund.slug}/comments/${id}/report`, { reason: 'unkind' }));
  await must(administrator.post(`/funds/${served.fund.slug}/comments/${rude}/decisions`, { outcome: 'hide', turn: 0, reason: 'unkind' }));
  await moveTo(served, review, 'review');
  await must(reviewer.post(`${review.path}/ideas/1/join`, { ideas: [2, 3] }));
  await must(reviewer.post(`${review.path}/ideas/1/review`, { feasible: 'no', after: 0, reasons: 'The pavement is too narrow for benches.', role: 'Highways, Ashbourne Council', showName: false }));
  await must(proposer.post(`${review.path}/ideas/1/reply`, { version: 1, words: 'Not in front of the bakery: there are four metres.' }));
  await must(reviewer.post(`${review.path}/ideas/1/review`, yes({ feasible: 'changes', after: 1, changes: 'Three benches, in front of the bakery.', runningMinor: 20_000, showName: true })));
  await must(reviewer.post(`${review.path}/ideas/4/review`, yes({ title: 'A repair table on Saturdays', costMinor: 123_456_789 })));
  await must(reviewer.post(`${review.path}/interests`, { idea: 5, words: 'I live beside the bridge.', role: 'Highways, Ashbourne Council', showName: true }));
  await must(administrator.post(`${review.path}/interests`, { idea: null, words: 'My sister works at the library.', role: 'Fund administrator', showName: false }));
  return { ideas: ideas.slug, review: review.slug, proposer };
}

/** A round that asks parents, with somebody who has asked; and a draft for practice. */
async function makeYoung(served: Served, from: VotingRound): Promise<{ young: Visitor; slugs: { young: string; practice: string } }> {
  const { administrator } = served.fund.people;
  const round = await draftRound(served, { title: `${LONG}, at school`, consentBelowAge: 16 });
  await must(administrator.send('PUT', `${round.path}/words/round/ar`, { title: 'جولة في المدرسة', translator: 'ليلى حداد' }));
  for (const to of ['notice', 'voting']) await must(administrator.post(`${round.path}/transitions`, { to, reason: 'For the scene' }));
  const { visitor: young } = await newcomer(served);
  await must(young.post(`${round.path}/join`, { credential: 'sign-in', needsConsent: true }));
  await must(young.post(`${round.path}/consent`, { by: 'paper' }));
  const practice = await must(administrator.post(`${from.path}/practice`, { title: `${LONG}, for practice` }));
  await must(administrator.post(`/funds/${served.fund.slug}/rounds/${practice.slug}/transitions`, { to: 'ideas' }));
  return { young, slugs: { young: round.slug, practice: practice.slug } };
}

/** Cash for a resident, out of an award to a person, while a box is out. */
async function makeCash(served: Served, potId: string, recipient: string): Promise<string> {
  const { fund } = served;
  const { administrator, administrator2 } = fund.people;
  const round = await makeRound(fund);
  const reservationId = await setAside(served, { fundId: fund.id, roundId: round.id, potId, amountMinor: 4000 });
  const made = await award(served, { fundId: fund.id, roundId: round.id, reservationId, awards: [{ subjectKind: 'person', subjectId: newId(), title: 'Warm home', amountMinor: 4000, recipientName: 'Heron 7' }] });
  if (made instanceof Refusal) throw new Error(made.code);
  const path = `/funds/${fund.slug}`;
  await must(administrator.post(`${path}/cash-box`, { name: `${LONG}, Tuesday`, amountMinor: 40_000 }));
  await must(administrator2.post(`${path}/cash-box/check`, { amountMinor: 40_000 }));
  const { id } = await must(administrator.post(`${path}/cash`, {
    reservation: made[0]?.reservationId, title: 'Winter heating', amountMinor: 4000, lastDay: new Date(served.clock.now.getTime() + 20 * 86_400_000).toISOString().slice(0, 10), place: LONG, hours: 'Tuesdays, 5 to 7 pm', recipient,
  }));
  return id;
}

/** Makes the scene as its people would. */
export async function makeScene(): Promise<Scene> {
  const served = await serveWorld();
  const { fund } = served;
  const { administrator, officer, shop } = fund.people;
  const read = (path: string, as = administrator) => must(as.get(`/funds/${fund.slug}${path}`));

  // A long address, so that the outbox has something to wrap.
  await must(served.visitor().post('/sign-in/codes', { channel: 'email', address: 'a.person.with.quite.a.long.name@a-rather-long-organisation.example.org' }));
  const results = await finishRound(served);
  const counting = await closeRound(served);
  const voting = await openVoting(served, { codes: 5, title: `${LONG}, autumn` });
  const open = await openVoting(served, { codes: 0, title: `${LONG}, winter`, credentials: ['sign-in'] });
  await must(administrator.post(`${open.path}/hall-order`, { beacon: true }));
  const gathered = await makeIdeas(served);
  const atSchool = await makeYoung(served, voting);
  const hall = await makeHall(served);
  const aside = await setResultAside(served);
  await must(administrator.post(`/funds/${fund.slug}/mirrors`, { mirror: 'https://mirror.a-rather-long-university-department.example.org/commonpot/heads' }));
  const draft = await makeRound(fund);
  const project = await must(administrator.post(`/funds/${fund.slug}/rounds/${draft.slug}/projects`, { title: 'A bench where nobody thought of one', costMinor: 123_456_789 }));

  const pot = await filledPot(fund, 500_000_000);
  const paper = await issuePaper(fund, pot, 3500);
  const redemption = await must(take(fund, shop, paper.code, 1200));
  await must(fund.people.administrator2.post(`/funds/${fund.slug}/members`, { channel: 'email', address: 'third@example.org', role: 'officer', name: 'Wilhelmina Featherstonehaugh-Oyelaran', organisation: 'The Association of Housing Providers' }));
  const resident = (await read('/members')).members.find((member: { role: string }) => member.role === 'resident');
  const held = await must(administrator.post(`/funds/${fund.slug}/vouchers`, { from: { pot }, title: 'Winter food', valueMinor: 2500, lastDay: '2027-03-31', holder: resident.id }));
  await must(fund.people.administrator2.post(`/funds/${fund.slug}/vouchers/${held.id}/release`));

  const grant = await openGrants(fund, { charter: { householdCapMinor: 300_00, cooldownDays: 7 } });
  await must(administrator.post(`/funds/${fund.slug}/signposts`, { name: 'Tanner Hill advice centre', words: 'Debt, benefits, immigration. Mondays, 10 to 12.', phone: '0117 496 0000', url: 'https://advice.example.org/' }));
  const reviewer = (await read('/members')).members.find((member: { role: string }) => member.role === 'reviewer');
  const lead = await must(administrator.post(`/funds/${fund.slug}/safeguarding/leads`, { member: reviewer.id, channel: 'email', address: 'lead@example.org' }));
  await must(fund.people.administrator2.post(`/funds/${fund.slug}/safeguarding/leads/${lead.id}/agree`));
  await must(fund.people.administrator2.post(`/funds/${fund.slug}/safeguarding/leads`, { member: resident.id, channel: 'email', address: 'second@example.org' }));
  const asked = await must(ask(served, grant, { household: '12 Kiln Street' }));
  await must(served.visitor().post(`/funds/${fund.slug}/requests/disclose`, { token: asked.token, words: 'Please ring in the morning, when I am alone.' }));

  const [drawing, drawn] = [await makeDraw(served), await makeDraw(served, 'drawn')];

  const delivered = await deliver(served, results);
  const { token: delivererToken } = await must(administrator.post(`${results.path}/projects/${delivered}/delivery-link`));
  const deliverer = served.visitor();
  deliverer.cookies.set('deliverer', delivererToken);
  return {
    ...served, deliverer, voucherCode: paper.code, requestToken: asked.token, delivererToken, pointsVoter: hall.pointsVoter,
    proposer: gathered.proposer, young: atSchool.young,
    slugs: { ...atSchool.slugs, hall: hall.slug, aside, draft: draft.slug, ideas: gathered.ideas, review: gathered.review, voting: slugOf(voting), open: slugOf(open), results: slugOf(results), counting: slugOf(counting), grant: grant.slug, adopting: (await makeAdopting(served)).slug, drawing: drawing.slug, drawn: drawn.slug },
    voter: await phoneWith(served, voting, voting.codes[0] as string),
    ids: {
      delivered,
      project: project.id, voucher: paper.id, heldVoucher: held.id, cash: await makeCash(served, pot, resident.id), redemption: redemption.id,
      contribution: (await read('/contributions')).contributions[0].id,
      pledge: (await read('/agency', officer)).pledges[0].id,
      award: (await read('/awards')).awards.find((each: { subjectKind: string }) => each.subjectKind === 'project').id,
      shop: (await read('/shops')).shops[0].id,
    },
  };
}

/** A window with more asks than money, whose draw one administrator typed; or drawn. */
async function makeDraw(served: Served, until: 'half' | 'drawn' = 'half') {
  const { fund, clock } = served;
  const { administrator, administrator2 } = fund.people;
  const order = { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 5, reservePercent: 10 } as const;
  const closesAt = new Date(clock.now.getTime() + 7 * 86_400_000).toISOString();
  const round = await openGrants(fund, { charter: { order }, window: { budgetMinor: 200_00, closesAt } });
  for (let each = 0; each < 6; each += 1) await must(ask(served, round, { amountMinor: 45_00, words: 'The boiler has been cold since Thursday, and there is a baby in the house.' }));
  await must(administrator.post(`${round.path}/transitions`, { to: 'deciding' }));
  const [{ draw }] = (await must(administrator.get(`${round.path}/draws`))).draws;
  const said = { drawnOn: draw.date, text: '7 12 23 31 48', evidence: 'https://www.national-lottery.example.org/results/euromillions/draw-history' };
  await must(administrator.post(`${round.path}/draws/1/result`, said));
  if (until === 'drawn') await must(administrator2.post(`${round.path}/draws/1/result`, said));
  return round;
}

/** A rolling round whose awards wait for a body of the agency, one of them refused; and a charter that is being written. */
async function makeAdopting(served: Served) {
  const { fund, clock } = served;
  const { administrator, officer } = fund.people;
  const reasons = ['The law does not let this money be spent on it.', 'The same request was awarded twice, and nobody noticed before the list was put before the committee.'];
  const route = { kind: 'agency-adopts' as const, body: 'The grants committee of the county', agency: 'Ashbourne Public Health', withinDays: 10, reasons };
  const behind = [{ agency: 'Ashbourne Public Health', person: 'Dr Aleksandra Wojciechowska-Featherstonehaugh', role: 'Director of Public Health' }];
  const round = await openGrants(fund, { charter: { route, agency: { sees: 'coded-rows', standsBehind: behind } } });
  for (let each = 0; each < 3; each += 1) await makeAward(served, round);
  await adoptDue(served.app.services, clock.now);
  const [list] = (await must(officer.get(`/funds/${fund.slug}/adoptions`))).lists;
  await must(officer.post(`/funds/${fund.slug}/adoptions/${list.id}/refusals`, { award: list.rows[0].award, reason: reasons[1] }));
  const { charter } = await must(administrator.get(`/funds/${fund.slug}/charter`));
  await must(administrator.send('PUT', `/funds/${fund.slug}/charter/draft`, { content: { ...plain, order: { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 5, reservePercent: 10 } }, after: charter.version }));
  return round;
}
