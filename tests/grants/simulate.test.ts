/** A short year of grants, simulated on the real product; and its judge, who finds every rule that is broken in the record, by name. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { witnessOf } from '../../scripts/lib/simulate/grants.ts';
import { judge, judgeRecord, type Judgement } from '../../scripts/lib/simulate/judge/judge.ts';
import { judgeChances } from '../../scripts/lib/simulate/judge/chances.ts';
import { readRecord, type DrawRow, type EntryRow } from '../../scripts/lib/simulate/judge/record.ts';
import { afterOf, asksOf } from '../../scripts/lib/simulate/plan.ts';
import { openStage, type Stage } from '../../scripts/lib/simulate/stage.ts';
import type { Year } from '../../scripts/lib/simulate/state.ts';
import { playYear, START } from '../../scripts/lib/simulate/year.ts';
import { readWish } from '../../scripts/lib/simulate/wish.ts';
import { startCommand } from '../lib/command.ts';
import { makeDatabase, type TestDatabase } from '../lib/database.ts';

const SIZE = { requests: 150, weeks: 5, seed: 5 };
let database: TestDatabase;
let stage: Stage;
let year: Year;
let judgement: Judgement;

beforeAll(async () => {
  database = await makeDatabase();
  stage = await openStage(START, database.ownerUrl);
  year = await playYear(stage, SIZE);
  judgement = await judge(stage.databaseUrl, stage.fundId, witnessOf(year));
});
afterAll(async () => {
  await stage.close();
  await database.drop();
});

it('breaks no rule, pays nobody twice, draws again to the same order, and is answered as it should be', () => {
  expect([judgement.findings, [...year.line.surprises], year.taken.requests]).toEqual([[], [], SIZE.requests]);
  expect(judgement.draws.same).toBe(judgement.draws.held);
  expect(judgement.draws.held).toBeGreaterThan(2);
  expect(judgement.awards).toBeGreaterThan(SIZE.requests / 6);
  expect(judgement.awards).toBeLessThan(SIZE.requests / 2);
  expect(judgement.firstTime.expected).toBeGreaterThan(judgement.firstTime.asked ?? 1);
});

it('holds all that it is meant to try', async () => {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  const count = async (text: string): Promise<number> => (await client.query<{ n: number }>(`select count(*)::int as n from ${text}`)).rows[0]?.n ?? 0;
  const seen = {
    appeals: await count(`event where subject->>'to' = 'appealed'`), withdrawn: await count(`event where subject->>'to' = 'withdrawn'`), interests: await count('decider_interest'), held: await count('request_hold'),
    failed: await count(`award_payment where ended_as = 'failed'`), vouchers: await count('redemption'), cash: await count(`cash_payment where state = 'collected'`), bank: await count(`payout where state = 'paid'`),
    seconds: await count(`request_decision where seat = 'second'`), panels: await count(`request_decision where seat = 'panel'`), agreed: await count(`event where name = 'request.moved' and subject->>'to' = 'listed' and actor_id is not null`),
    atOnce: await count(`request where agree = 'at-once' and state = 'awarded'`),
  };
  await client.end();
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
});

it('follows from its seed alone', () => {
  const plan = (seed: number) => {
    const asks = asksOf({ seed });
    return Array.from({ length: 200 }, () => asks.next().value).map((ask) => [ask, afterOf(seed, ask.index)]);
  };
  expect(plan(5)).toEqual(plan(5));
  expect(plan(5)).not.toEqual(plan(6));
});

const moved = (to: string, more = 'true'): string => `name = 'request.moved' and subject->>'to' = '${to}' and ${more}`;
const decided = (seat: string): string => `name = 'request.decided' and subject->>'seat' = '${seat}' and subject->>'verdict' = 'yes'`;
const one = (where: string): string => `id = (select id from event where ${where} order by id limit 1)`;
/** The same event again: at the end of the record, or before all of it, with something changed. */
const again = (where: string, change = '{}', id = `'ffffffff-ffff-7fff-bfff-ffffffffffff'`): string =>
  `insert into event (id, fund_id, name, subject, actor_id, at) select ${id}, fund_id, name, subject || '${change}', actor_id, at from event where ${where} order by id limit 1`;
const first = `'00000000-0000-7000-8000-000000000000'`;
const charter = (change: string): string => `update charter set content = content || '${change}'`;
/** A payment that reached its person by voucher, and the next one. */
const spent = (offset: number, column: string): string => `(select ${column} from award_payment p join voucher v on v.id = p.voucher_id join award a on a.id = p.award_id
  where exists (select from redemption r where r.voucher_id = v.id and r.undone_at is null) order by p.id offset ${offset} limit 1)`;
const started = (offset: number): string => `name = 'award.payment-started' and subject->>'payment' = ${spent(offset, 'p.id')}::text`;
const letByPlace = `(select e.request_id from draw_entry e where e.let_as = 'place' order by e.draw_id, e.place limit 1)`;

/** What breaks each rule, as somebody could who holds the whole database. */
const breaks: Record<string, string> = {
  'step-out-of-order': `update event set subject = subject || '{"from":"listed"}' where ${one(moved('awarded', `subject->>'from' = 'half'`))}`,
  'awarded-twice': again(moved('awarded'), '{"from":"awarded"}'),
  'decided-twice': again(decided('first')),
  'same-person': again(decided('panel')),
  'appealed-twice': again(moved('appealed')),
  'appealed-late': `update event set at = at + interval '1 year' where ${one(moved('appealed'))}`,
  'too-few-agreed': `delete from event where ${decided('second')}`,
  'second-is-first': `update event set actor_id = '01234567-0000-7000-8000-000000000000' where ${decided('second')} or ${decided('first')}`,
  'appeal-same-person': `update event set actor_id = '01234567-0000-7000-8000-000000000000' where name = 'request.decided' and subject->>'seat' in ('appeal', 'first')`,
  'not-on-panel': `update panel_seat set state = 'pool'`,
  'own-request': `update event e set actor_id = (select d.actor_id from event d where d.name = 'request.decided' and d.subject->>'request' = e.subject->>'request' limit 1) where e.name = 'request.asked'`,
  'declared-interest': `insert into event (id, fund_id, name, subject, actor_id, at) select ${first}, d.fund_id, 'interest.declared', jsonb_build_object('applicant', a.subject->>'applicant'), d.actor_id, d.at
    from event d join event a on a.name = 'request.asked' and a.subject->>'request' = d.subject->>'request' where d.name = 'request.decided' limit 1`,
  'not-on-record': `delete from event where ${one(`name = 'request.asked'`)}`,
  'record-differs': `update request set state = 'awarded' where id = (select id from request where state = 'declined' limit 1)`,
  'agreed-passed-over': `update event set id = ${first} where ${one(`name = 'request.moved' and subject->>'to' = 'listed' and actor_id is not null`)}`,
  'over-cap': charter('{"bands":[{"upToMinor":1000,"agree":"at-once"}]}'),
  'band-too-low': `update event set subject = subject || '{"agree":"at-once"}' where ${decided('first').replace('request.decided', 'none')} or name = 'request.asked' and subject->>'agree' = 'two'`,
  'over-household-cap': charter('{"householdCapMinor":100}'),
  'too-soon': charter('{"cooldownDays":366}'),
  'over-daily-sum': `update event set subject = subject || '{"agree":"at-once"}' where name = 'request.asked'; delete from event where name = 'request.decided'`,
  'below-zero': `update transfer set amount_minor = 1 where kind = 'contribution'`,
  'level-differs': 'update ledger_level set balance_minor = balance_minor + 1',
  'not-set-aside-once': `update transfer set kind = 'release' where kind = 'award'`,
  'award-missing': `delete from award where id = ${spent(0, 'a.id')}`,
  'award-differs': `update award set amount_minor = amount_minor + 1`,
  'two-tries-at-once': again(started(0)),
  'paid-unawarded': `update event set id = ${first} where ${started(0)}`,
  'paid-past-the-desk': `delete from event where ${started(0)}`,
  'paid-though-failed': again(started(0)).replace('fund_id, name, subject || ', `fund_id, 'award.payment-failed', subject || `),
  'paid-and-returned': `insert into event (id, fund_id, name, subject, at) select 'ffffffff-ffff-7fff-bfff-ffffffffffff', fund_id, 'request.moved', jsonb_build_object('request', subject->>'request', 'from', 'awarded', 'to', 'returned'), at from event where ${started(0)}`,
  'sums-differ': `update transfer set amount_minor = amount_minor - 1 where from_account_id = ${spent(0, 'v.account_id')}`,
  'paid-twice': `update transfer set from_account_id = ${spent(0, 'a.reservation_id')} where to_account_id = ${spent(1, 'v.account_id')} and kind = 'voucher';
    update event set subject = subject || jsonb_build_object('request', ${spent(0, 'a.subject_id')}) where ${started(1)}`,
  'paid-too-much': `update transfer set amount_minor = amount_minor * 3 where subject_id = ${spent(0, 'v.id')} or from_account_id = ${spent(0, 'v.account_id')}`,
  'pool-changed': 'update draw_entry set tickets = tickets + 1 where tickets > 0',
  'tickets-differ': 'update draw_entry set first_time = not first_time',
  'weights-changed': `update charter set content = jsonb_set(content, '{order,firstTimeTickets}', '9') where content->'order'->>'kind' = 'draw'`,
  'pool-lacks-somebody': `delete from draw_entry where request_id = ${letByPlace}`,
  // It was taken back just before the pool was committed to.
  'pool-holds-another': `insert into event (id, fund_id, name, subject, at) select overlay(e.id::text placing '000' from 34)::uuid, e.fund_id, 'request.moved', jsonb_build_object('request', r.id, 'from', 'asked', 'to', 'withdrawn'), e.at
    from event e join draw_entry d on d.draw_id::text = e.subject->>'draw' join request r on r.id = d.request_id where e.name = 'draw.committed' limit 1`,
  'twice-in-pool': `update event set subject = subject || '{"applicant":"one"}' where name = 'request.asked'`,
  'draw-without-charter': `update charter set content = content || '{"order":{"kind":"as-they-come"}}'`,
  'committed-late': `update grant_draw set draw_on = draw_on - 30`,
  'drawn-early': `update grant_draw set drawn_on = drawn_on - 30`,
  'seed-changed': `update grant_draw set text = '1 2 3'`,
  'seed-by-one': `update event set actor_id = null where name in ('draw.entered', 'draw.confirmed')`,
  'order-differs': `update draw_entry set place = 1000 - place where place is not null`,
  'passed-over': `update draw_entry set let_at = null, let_as = null where request_id = ${letByPlace}`,
  'before-their-turn': `update draw_entry set let_at = let_at + interval '1 year' where let_at is not null`,
};

describe('the judge', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
  });
  afterAll(() => client.end());

  const rulesAfter = async (change: string): Promise<string[]> => {
    await client.query('begin; set local session_replication_role = replica');
    try {
      await client.query(`select set_config('commonpot.fund', '${stage.fundId}', true)`);
      await client.query('alter table draw_entry drop constraint draw_entry_fund_id_draw_id_place_key; alter table grant_draw drop constraint grant_draw_later, drop constraint grant_draw_of_pool; alter table event drop constraint if exists event_name_check');
      await client.query(change);
      return [...new Set(judgeRecord(await readRecord(client, stage.fundId), witnessOf(year)).findings.map((each) => each.rule))];
    } finally {
      await client.query('rollback');
    }
  };

  it('finds nothing where nothing was changed', async () => expect(await rulesAfter('select 1')).toEqual([]));

  it.each(Object.entries(breaks))('names %s', async (rule, change) => expect(await rulesAfter(change)).toContain(rule));

  it('names a draw of a panel that comes to another order', async () => expect(await rulesAfter(`update panel set seed = 'another'`)).toEqual(['order-differs']));
});

describe('first-time askers', () => {
  const pool = (draw: number, place: (index: number) => number): EntryRow[] => Array.from({ length: 20 }, (_, index) => ({
    draw: String(draw), request: `${draw}-${index}`, code: '', tickets: index % 2 ? 4 : 1, firstTime: index % 2 === 1, missedBefore: 0, askedAgain: false, place: place(index), letAt: null, letAs: null,
  }));
  const rulesOf = (place: (index: number) => number): string[] => {
    const numbers = Array.from({ length: 20 }, (_, draw) => draw);
    const draws = numbers.map((id) => ({ id: String(id), drawnAt: 1 }) as DrawRow);
    return judgeChances({ draws, entries: numbers.flatMap((draw) => pool(draw, place)) }).findings.map((each) => each.rule);
  };

  it('have the chances of their tickets, or the judge says so', () => {
    // Four of five tickets are theirs, and four of the first five places.
    expect(rulesOf((index) => (index === 0 ? 5 : index % 2 ? index / 2 : 10 + index))).toEqual([]);
    expect(rulesOf((index) => (index % 2 ? 10 + index : index / 2))).toEqual(['first-time-chances']);
  });
});

describe('the command', () => {
  it.each([[['grants', '--requests', 'many'], '--requests many'], [['grants', '--weeks', '0'], '--weeks 0'], [['grants', '--seed', '-1'], '--seed'], [['money'], 'there is: grants'], [[], 'there is: grants'], [['grants', '--sed', '1'], '--sed']])(
    '%j is answered with a sentence', (words, says) => expect(readWish(words)).toContain(says));

  it('says so at the terminal and leaves with 1', async () => {
    const command = startCommand('simulate', {}, ['grants', '--requests', '3']);
    expect([await command.ended, command.stdout(), command.stderr()]).toEqual([1, '', expect.stringContaining('--requests 3 is not a whole number from 20')]);
  });
});
