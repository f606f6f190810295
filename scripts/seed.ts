/**
 * The demonstration fund: a neighbourhood that could be real. Its people do everything themselves, through the API,
 * on days that have passed: a finished round in spring, one in autumn that is open for voting now, and a solidarity fund all along.
 */
import { randomBytes } from 'node:crypto';
import { and, count, eq, isNotNull } from 'drizzle-orm';
import { openDatabase, within, type Transaction } from '@commonpot/db/client';
import { fund as fundTable } from '@commonpot/db/people';
import { voucher } from '@commonpot/db/payouts';
import { buildApp } from '@commonpot/server/app';
import { createFund, createMembership, createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import type { Config } from '@commonpot/server/platform/config';
import { Refusal } from '@commonpot/server/platform/problems';
import type { WebApp } from '@commonpot/server/platform/services';
import { voidOf } from '@commonpot/server/votes/ballots/protocol';
import { presets } from '@commonpot/server/votes/counting/presets';
import { sealDueRounds } from '@commonpot/server/votes/sealing/jobs';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { AREAS, autumnProjects, fund, people, springProjects, type DemonstrationProject, type Person } from './lib/demonstration.ts';
import { deliver, gatherIdeas, practise, talk, translate, type Act, type Days } from './lib/demonstration-life.ts';
import { lendAHand } from './lib/demonstration-grants.ts';
import { Stop } from './lib/entry.ts';

const POUND = 100;
const DAY = 86_400_000;

/**
 * Fills an empty database and leaves any other alone. The answer lists who can sign in. What is published cannot be
 * deleted, so one that was cut off half-way is not finished but named.
 */
export async function seedDemonstration(config: Config): Promise<readonly Person[]> {
  const db = openDatabase(config.databaseUrl, 1);
  try {
    const [found] = await db.select({ funds: count() }).from(fundTable);
    if (found?.funds === 0) await seed(config);
    const [made] = await db.select({ id: fundTable.id }).from(fundTable).where(and(eq(fundTable.slug, fund.slug), eq(fundTable.name, fund.name)));
    const isWhole = !made || (await within(db, { fund: made.id }, (tx) => tx.$count(voucher, isNotNull(voucher.holderAccountId)))) > 0;
    if (!isWhole) throw new Stop('The demonstration was cut off while it was being set up. Delete the folder .commonpot and start again.');
  } finally {
    await db.$client.end();
  }
  return Object.values(people);
}

type Name = keyof typeof people;
async function seed(config: Config): Promise<void> {
  const today = new Date();
  let now = today;
  const moment = (daysAgo: number, hour: number) => {
    const day = new Date(today.getTime() - daysAgo * DAY);
    day.setUTCHours(hour, 0, 0, 0);
    return day;
  };
  const days: Days = {
    go: (daysAgo, hour = 12) => void (now = moment(daysAgo, hour)),
    at: (daysAgo, hour = 12) => moment(daysAgo, hour).toISOString(),
  };
  const app = await buildApp({ ...config, logLevel: 'error' }, { clock: () => now, pages: false });
  try {
    await app.ready();
    days.go(200);
    const act = await moveIn(app, () => now);
    await fillPots(act, days);
    await finishSpring(app, act, days, () => now);
    await gatherIdeas(act, days, (await potIds(act))[0]);
    await openAutumn(app, act, days);
    await lendAHand(act, (path, body) => send(app, '', 'POST', path, body), days, await potNamed(act, 'Solidarity pot'));
    // Last: the one voucher that somebody holds says that nothing is missing.
    await giveVoucher(act, days);
  } finally {
    await app.close();
  }
}

/** Makes the fund and its people, each with a session to act in. */
async function moveIn(app: WebApp, clock: () => Date): Promise<Act> {
  const { db, secrets } = app.services;
  const cookies = await db.transaction(async (drizzleTx) => {
    const tx = drizzleTx as unknown as Transaction;
    const fundId = await createFund(tx, fund, clock());
    const made = new Map<Name, string>();
    for (const [key, person] of Object.entries(people) as [Name, Person][]) {
      const accountId = await findOrCreateAccount(tx, 'email', secrets.hash('contact', `email:${person.address}`), fundId, clock());
      const member = await createMembership(tx, fundId, { accountId, role: person.role, name: person.name, organisation: person.organisation }, clock());
      if (member instanceof Refusal) throw new Error(member.code);
      const session = await createSession(tx, { accountId }, 400 * 24 * 60, clock());
      made.set(key, `__Host-session=${app.jwt.sign({ sid: session.id })}`);
    }
    return made;
  });
  return (who, method, path, body) => send(app, cookies.get(who) ?? '', method, path, body);
}

async function send<T>(app: WebApp, cookie: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<T> {
  const answer = await app.inject({
    method, url: `/api/v1/funds/${fund.slug}${path}`, ...(body ? { payload: body } : {}),
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'idempotency-key': randomBytes(12).toString('hex') },
  });
  if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered ${answer.body}`);
  return answer.json<T>();
}

async function contribute(act: Act, days: Days, potId: string, pounds: number, daysAgo: number): Promise<void> {
  const amountMinor = pounds * POUND;
  days.go(daysAgo);
  const pledge = await act<{ id: string; reference: string }>('helen', 'POST', '/pledges', { amountMinor, potId });
  days.go(daysAgo - 6);
  const entry = await act('amina', 'POST', '/contributions', { pledgeId: pledge.id, agencyId: null, potId, amountMinor, receivedOn: days.at(daysAgo - 6).slice(0, 10), reference: pledge.reference });
  days.go(daysAgo - 6, 17);
  await act('joseph', 'POST', `/contributions/${entry.id}/confirm`, { amountMinor });
}

const NO_RESTRICTION = { theme: '', area: '', people: '' };

async function fillPots(act: Act, days: Days): Promise<void> {
  await act('amina', 'POST', '/pots', { name: 'Neighbourhood pot', purpose: 'Whatever the neighbours vote for', restriction: NO_RESTRICTION });
  await act('amina', 'POST', '/pots', { name: 'Thank-you pot', purpose: 'Shop vouchers for people who give their time', restriction: { ...NO_RESTRICTION, people: 'Residents who helped' } });
  await act('amina', 'POST', '/pots', { name: 'Solidarity pot', purpose: 'Small sums for neighbours, without questions', restriction: NO_RESTRICTION });
  const [neighbourhood, thanks] = await potIds(act);
  await contribute(act, days, await potNamed(act, 'Solidarity pot'), 3_600, 90);
  await contribute(act, days, neighbourhood, 10_000, 190);
  await contribute(act, days, neighbourhood, 110_000, 60);
  await contribute(act, days, thanks, 2_500, 50);
}

async function potNamed(act: Act, name: string): Promise<string> {
  const { pots } = await act<{ pots: { id: string; name: string }[] }>('amina', 'GET', '/pots');
  return pots.find((pot) => pot.name === name)?.id ?? '';
}

const potIds = async (act: Act): Promise<[string, string]> => [await potNamed(act, 'Neighbourhood pot'), await potNamed(act, 'Thank-you pot')];

interface RoundPlan {
  title: string;
  summary: string;
  pounds: number;
  projects: readonly DemonstrationProject[];
  /** Days ago; negative for days to come. */
  notice: number;
  opens: number;
  closes: number;
  results: number;
  objectionDays: number;
  /** Printed codes, and how many of them have voted. */
  codes: number;
  voted: number;
  /** What is done before the ballot is published. */
  prepare?: (path: string) => Promise<void>;
}

/** Sets a round up, opens it and lets its first voters vote. The answer is the round's path. */
async function runRound(app: WebApp, act: Act, days: Days, plan: RoundPlan): Promise<string> {
  const [potId] = await potIds(act);
  days.go(plan.notice + 7);
  const { slug } = await act('amina', 'POST', '/rounds', {
    title: plan.title, summary: plan.summary, potId, budgetMinor: plan.pounds * POUND, ballotForm: { kind: 'knapsack' }, rule: presets.greedy, credentials: ['code'],
    noticeAt: days.at(plan.notice, 9), votingOpensAt: days.at(plan.opens, 8), votingClosesAt: days.at(plan.closes, 20), resultsAt: days.at(plan.results, 12), objectionDays: plan.objectionDays,
  });
  const path = `/rounds/${slug}`;
  await act('amina', 'POST', `${path}/projects/bulk`, { projects: plan.projects });
  await plan.prepare?.(path);
  await act('joseph', 'POST', `${path}/accept-no-recovery-sheet`);
  const { codes } = await act<{ codes: { code: string }[] }>('amina', 'POST', `${path}/codes`, { count: plan.codes });
  days.go(plan.notice, 9);
  await act('amina', 'POST', `${path}/transitions`, { to: 'notice', reason: 'The ballot is published on the day it was promised.' });
  days.go(plan.opens, 8);
  await act('amina', 'POST', `${path}/transitions`, { to: 'voting', reason: 'Voting opens on the day it was promised.' });
  for (const [index, { code }] of codes.slice(0, plan.voted).entries()) await castOne(app, path, code, chooseLike(index, plan));
  return path;
}

/** One neighbour's choices: what their street and their taste make likely, within the budget. The same on every run. */
function chooseLike(voter: number, plan: RoundPlan): string[] {
  const area = AREAS[voter % AREAS.length];
  let left = plan.pounds * POUND;
  const liking = (project: DemonstrationProject, index: number) => ((voter * 7919 + index * 104_729) % 1000) + (project.area === area ? 350 : 0) + (project.costMinor < 5000 * POUND ? 120 : 0);
  return [...plan.projects].map((project, index) => ({ project, liking: liking(project, index) })).sort((a, b) => b.liking - a.liking).slice(0, 3 + (voter % 5))
    .filter(({ project }) => (left >= project.costMinor ? ((left -= project.costMinor), true) : false)).map(({ project }) => project.number);
}

async function castOne(app: WebApp, path: string, code: string, choices: readonly string[]): Promise<void> {
  const entered = await app.inject({ method: 'POST', url: `/api/v1/funds/${fund.slug}${path}/enter-code`, payload: { code }, headers: { 'sec-fetch-site': 'same-origin' } });
  const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  await send(app, cookie, 'POST', `${path}/ballot`, {
    lines: choices.map((project) => ({ project })), salt: randomBytes(32).toString('hex'), void: voidOf(randomBytes(32)).toString('hex'), replaces: null, oldVoidKey: null,
  });
}

async function finishSpring(app: WebApp, act: Act, days: Days, clock: () => Date): Promise<void> {
  const path = await runRound(app, act, days, {
    title: 'Spring on the hill', summary: 'Small things that make a summer.', pounds: 8_000, projects: springProjects,
    notice: 170, opens: 160, closes: 146, results: 140, codes: 150, voted: 134, objectionDays: 3,
  });
  days.go(146, 20);
  await act('amina', 'POST', `${path}/transitions`, { to: 'counting', reason: 'Voting closed on the day it was promised.' });
  await countDueRounds(app.services, clock());
  days.go(140);
  await sealDueRounds(app.services, clock());
  await act('amina', 'POST', `${path}/transitions`, { to: 'results', reason: 'Nobody objected.' });
  await payStages(act, days);
  await deliver(act, days, path);
}

/** The first award is paid in full, the second has its first half and a word on how it goes. */
async function payStages(act: Act, days: Days): Promise<void> {
  const { awards } = await act<{ awards: { id: string; title: string; amountMinor: number }[] }>('amina', 'GET', '/awards?limit=10');
  const stages: [number, string, string][] = [[130, 'To begin', 'Everything is ordered, and the first volunteers have put their names down.'], [80, 'When it is done', 'Done, and used every day. Thank you for the patience in June.']];
  for (const [index, award] of awards.slice(0, 2).entries()) {
    const half = Math.floor(award.amountMinor / 2);
    days.go(135);
    const plan = await act<{ stages: string[] }>('amina', 'POST', `/awards/${award.id}/plan`, { stages: [{ title: 'To begin', amountMinor: half }, { title: 'When it is done', amountMinor: award.amountMinor - half }] });
    for (const [stage, [daysAgo, , words]] of stages.entries()) {
      if (index === 1 && stage === 1) break;
      days.go(daysAgo);
      await act('amina', 'POST', `/disbursements/${plan.stages[stage]}/updates`, { words });
      const payout = await act('amina', 'POST', `/disbursements/${plan.stages[stage]}/payouts`, { reference: `TH ${award.title.slice(0, 20)} ${stage + 1}` });
      days.go(daysAgo, 16);
      await act('joseph', 'POST', `/payouts/${payout.id}/transitions`, { to: 'paid', amountMinor: stage === 0 ? half : award.amountMinor - half });
    }
  }
}

async function openAutumn(app: WebApp, act: Act, days: Days): Promise<void> {
  const path = await runRound(app, act, days, {
    title: 'What should £60,000 do for Tanner Hill?', summary: 'Ideas came from four meetings and a box in Khan’s. Everybody on the hill who is twelve or older has a letter with a code.',
    pounds: 60_000, projects: autumnProjects, notice: 14, opens: 5, closes: -15, results: -23, codes: 260, voted: 208, objectionDays: 5, prepare: (of) => translate(act, of),
  });
  await talk(act, days, path);
  await practise(act, days, path);
}

/** Rosa carried letters to every door on the hill; the fund thanks her with a voucher. */
async function giveVoucher(act: Act, days: Days): Promise<void> {
  const [, pot] = await potIds(act);
  days.go(3);
  const { members } = await act<{ members: { id: string; name: string }[] }>('amina', 'GET', '/members?limit=100');
  const holder = members.find((member) => member.name === people.rosa.name)?.id;
  const { id } = await act<{ id: string }>('amina', 'POST', '/vouchers', { from: { pot }, title: 'Thank you for your time', valueMinor: 35 * POUND, lastDay: days.at(-130).slice(0, 10), holder });
  await act('joseph', 'POST', `/vouchers/${id}/release`);
}
