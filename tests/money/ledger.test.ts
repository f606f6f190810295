/** The ledger as the rooms above use it, alone and in a crowd. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, within, type Database, type Transaction } from '@commonpot/db/client';
import { pot } from '@commonpot/db/money';
import { divide, levelOf, openAccount, openOutside, post, potAccountOf, release, reserve, reverse } from '@commonpot/server/money/ledger';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { and, eq } from 'drizzle-orm';
import { makeWorld, queryAs, type World } from '../lib/world.ts';
import { fillPot, givePot } from './pots.ts';

let world: World;
let crowd: Database;
beforeAll(async () => {
  world = await makeWorld();
  crowd = openDatabase(world.database.ownerUrl, 24);
});
afterAll(async () => {
  await crowd.$client.end();
  await world.close();
});

class RolledBack extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** One transaction in the fund's scope; a refusal rolls it back, as the wrapper of routes does. */
async function inFund<T>(work: (tx: Transaction) => Promise<T>, fundId = world.fund.id): Promise<T | Refusal> {
  return within(crowd, { fund: fundId }, async (tx) => {
    const result = await work(tx);
    if (result instanceof Refusal) throw new RolledBack(result);
    return result;
  }).catch((error: unknown) => {
    if (error instanceof RolledBack) return error.refusal;
    throw error;
  });
}

async function must<T>(work: Promise<T | Refusal>): Promise<T> {
  const result = await work;
  if (result instanceof Refusal) throw new Error(result.code);
  return result;
}

const base = () => ({ fundId: world.fund.id, at: world.clock.now, actorId: null });
const level = (accountId: string) => must(inFund((tx) => levelOf(tx, world.fund.id, accountId)));
const accountOf = (potId: string) => must(inFund(async (tx) => (await tx.select({ id: pot.accountId }).from(pot).where(and(eq(pot.fundId, world.fund.id), eq(pot.id, potId))))[0]?.id ?? ''));

async function filledPot(name: string, amountMinor: number, restriction?: { theme: string; area: string; people: string }) {
  const potId = await givePot(world.fund, name, restriction);
  if (amountMinor > 0) await fillPot(world.fund, potId, amountMinor);
  return { potId, accountId: await accountOf(potId) };
}

describe('a pot', () => {
  it('is reserved from, released to, and never gives more than it holds', async () => {
    const { potId, accountId } = await filledPot('Holds 100', 100);
    const subjectId = newId();
    const { reservationId } = await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 60, subjectId })));
    expect([await level(accountId), await level(reservationId)]).toEqual([40, 60]);
    expect(await inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 41, subjectId: newId() }))).toMatchObject({ code: 'not-enough-money' });
    expect(await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 40, subjectId })))).toEqual({ reservationId });
    await must(inFund((tx) => release(tx, { ...base(), reservationId, amountMinor: 30 })));
    expect([await level(accountId), await level(reservationId)]).toEqual([30, 70]);
    expect(await inFund((tx) => release(tx, { ...base(), reservationId, amountMinor: 71 }))).toMatchObject({ code: 'not-enough-money' });
    await must(inFund((tx) => release(tx, { ...base(), reservationId })));
    expect(await must(inFund((tx) => release(tx, { ...base(), reservationId })))).toEqual({ ids: [] });
    expect([await level(accountId), await level(reservationId)]).toEqual([100, 0]);
  });

  it('divides what is set aside among many, all or nothing, and takes back what is left', async () => {
    const { potId, accountId } = await filledPot('For many', 150);
    const { reservationId } = await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 120, subjectId: newId() })));
    const parts = [50, 30, 20].map((amountMinor) => ({ amountMinor, subjectId: newId() }));
    expect(await inFund((tx) => divide(tx, { ...base(), reservationId, parts: [...parts, { amountMinor: 21, subjectId: newId() }] }))).toMatchObject({ code: 'not-enough-money' });
    expect(await Promise.all([accountId, reservationId].map(level))).toEqual([30, 120]);
    const { reservationIds } = await must(inFund((tx) => divide(tx, { ...base(), reservationId, parts })));
    expect(await Promise.all([accountId, reservationId, ...reservationIds].map(level))).toEqual([50, 0, 50, 30, 20]);
  });

  it('is followed through reservation, voucher and shop to the outside, and what is paid shows', async () => {
    const { potId, accountId } = await filledPot('Followed', 1000, { theme: 'Food', area: '', people: '' });
    const { reservationId } = await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 500, subjectId: newId() })));
    await must(inFund(async (tx) => {
      const voucher = await openAccount(tx, { ...base(), kind: 'voucher', subjectId: newId(), like: reservationId });
      const payable = await openAccount(tx, { ...base(), kind: 'payable', subjectId: newId(), like: voucher });
      const outside = await openOutside(tx, { ...base(), like: payable });
      expect(await potAccountOf(tx, world.fund.id, payable)).toBe(accountId);
      return post(tx, { ...base(), transfers: [
        { from: reservationId, to: voucher, amountMinor: 300, kind: 'voucher-issued' },
        { from: voucher, to: payable, amountMinor: 200, kind: 'voucher-redeemed' },
        { from: payable, to: outside, amountMinor: 120, kind: 'settlement' },
      ] });
    }));
    const { body } = await world.visitor().get(`/funds/${world.fund.slug}/pots`);
    expect(body.pots.find((each: { id: string }) => each.id === potId)).toMatchObject({ arrivedMinor: 1000, inPotMinor: 500, setAsideMinor: 380, paidOutMinor: 120 });
  });

  it('of a restriction never pays into another', async () => {
    const bound = await filledPot('Bound', 100, { theme: 'Warm homes', area: '', people: '' });
    const free = await filledPot('Free', 100);
    for (const [from, to] of [[bound, free], [free, bound]] as const) {
      await expect(inFund((tx) => post(tx, { ...base(), transfers: [{ from: from.accountId, to: to.accountId, amountMinor: 1, kind: 'move' }] }))).rejects.toMatchObject({ cause: { constraint: 'transfer_to' } });
    }
    const twin = await filledPot('Bound alike', 0, { theme: 'Warm homes', area: '', people: '' });
    await must(inFund((tx) => post(tx, { ...base(), transfers: [{ from: bound.accountId, to: twin.accountId, amountMinor: 1, kind: 'move' }] })));
    expect(await level(twin.accountId)).toBe(1);
  });

  it('of another fund is out of reach, for posting and for the triggers', async () => {
    const { accountId } = await filledPot('Here', 100);
    const theirs = await givePot(world.otherFund, 'There');
    await fillPot(world.otherFund, theirs, 100);
    const { rows: [their] } = await world.superuser('select account_id from pot where id = $1', [theirs]);
    await expect(inFund((tx) => post(tx, { ...base(), transfers: [{ from: their.account_id, to: accountId, amountMinor: 1, kind: 'move' }] }))).rejects.toThrow('not in this fund');
    await expect(inFund((tx) => post(tx, { ...base(), transfers: [{ from: accountId, to: their.account_id, amountMinor: 1, kind: 'move' }] }))).rejects.toMatchObject({ cause: { constraint: 'transfer_to' } });
    await expect(inFund((tx) => levelOf(tx, world.otherFund.id, their.account_id))).rejects.toThrow('without a level');
    expect(await level(accountId)).toBe(100);
  });
});

describe('a posting', () => {
  it('happens once in a transaction', async () => {
    const { potId } = await filledPot('Once', 100);
    await expect(inFund(async (tx) => {
      await reserve(tx, { ...base(), potId, amountMinor: 1, subjectId: newId() });
      return reserve(tx, { ...base(), potId, amountMinor: 1, subjectId: newId() });
    })).rejects.toMatchObject({ cause: { message: expect.stringContaining('once per transaction') } });
  });

  it.each([0, -1, 1_000_000_000_001])('of %d is none', async (amountMinor) => {
    const { potId } = await filledPot(`None ${amountMinor}`, 100);
    await expect(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor, subjectId: newId() }))).rejects.toMatchObject({ cause: { constraint: 'transfer_positive' } });
  });

  it('from an account to itself is none', async () => {
    const { accountId } = await filledPot('Itself', 100);
    await expect(inFund((tx) => post(tx, { ...base(), transfers: [{ from: accountId, to: accountId, amountMinor: 1, kind: 'move' }] }))).rejects.toMatchObject({ cause: { constraint: 'transfer_two_accounts' } });
  });

  it('is reversed once, as its mirror, also when two do it at once, and a reversal never', async () => {
    const { potId, accountId } = await filledPot('Reversed', 100);
    const { reservationId } = await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 60, subjectId: newId() })));
    const { rows: [made] } = await world.superuser('select id from transfer where to_account_id = $1', [reservationId]);
    const tries = await Promise.all([1, 2, 3, 4].map(() => inFund((tx) => reverse(tx, { ...base(), transferId: made.id }))));
    expect(tries.filter((each) => !(each instanceof Refusal))).toHaveLength(1);
    expect(tries.filter((each) => each instanceof Refusal && each.code === 'already-decided')).toHaveLength(3);
    expect([await level(accountId), await level(reservationId)]).toEqual([100, 0]);
    const [reversal] = tries.flatMap((each) => (each instanceof Refusal ? [] : each.ids));
    await expect(inFund((tx) => reverse(tx, { ...base(), transferId: reversal ?? '' }))).rejects.toMatchObject({ cause: { message: 'a reversal is not reversed' } });
    expect(await inFund((tx) => reverse(tx, { ...base(), transferId: newId() }))).toMatchObject({ code: 'not-found' });
  });

  it('cannot be written with a reversal that is no mirror', async () => {
    const { potId, accountId } = await filledPot('Mirror', 100);
    const { reservationId } = await must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 60, subjectId: newId() })));
    const { rows: [made] } = await world.superuser('select * from transfer where to_account_id = $1', [reservationId]);
    const lie = `insert into transfer select fund_id, $1, to_account_id, from_account_id, currency, restriction_id, 59, 'reversal', null, id, null, at from transfer where id = $2`;
    await expect(world.superuser(lie, [newId(), made.id])).rejects.toMatchObject({ constraint: 'transfer_reverses' });
    expect(await level(accountId)).toBe(40);
  });
});

describe('nobody', () => {
  it.each(['transfer', 'ledger_account', 'pot', 'restriction', 'contribution', 'contribution_decision', 'ledger_level'])('changes or deletes a row of %s, not even the owner', async (table) => {
    await filledPot(`Never ${table}`, 100);
    const scope = `begin; select set_config('commonpot.fund', '${world.fund.id}', true);`;
    for (const statement of [`update ${table} set fund_id = fund_id`, `delete from ${table}`, `truncate ${table} cascade`]) {
      await expect(queryAs(world.database.ownerUrl, `${scope} ${statement}; commit`), statement).rejects.toMatchObject({ code: '23001' });
      await expect(crowd.execute(statement), statement).rejects.toMatchObject({ cause: { code: '42501' } });
    }
  });

  it('borrows the owner’s hand by hanging its triggers on a table of their own', async () => {
    for (const name of ['change_levels', 'open_level']) {
      await expect(crowd.transaction(async (tx) => {
        await tx.execute('create temporary table mine (like ledger_level)');
        await tx.execute(`create trigger mine after insert on mine for each row execute function ${name}()`);
      }), name).rejects.toMatchObject({ cause: { message: `permission denied for function ${name}` } });
    }
  });

  it('sets a level by hand', async () => {
    const { accountId } = await filledPot('By hand', 100);
    await expect(queryAs(world.database.ownerUrl, `begin; select set_config('commonpot.fund', '${world.fund.id}', true); insert into ledger_level values ('${world.fund.id}', '${accountId}', 5); commit`)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('a crowd on a few pots', () => {
  it('never ends below zero, never deadlocks, and every level is what was accepted', async () => {
    const pots = [await filledPot('Crowd 1', 500), await filledPot('Crowd 2', 200), await filledPot('Crowd 3', 50)];
    const reserved = await Promise.all(pots.map(async ({ accountId }) => must(inFund((tx) => openAccount(tx, { ...base(), kind: 'reservation', subjectId: newId(), like: accountId })))));
    const accounts = [...pots.map((each) => each.accountId), ...reserved];
    const place = fc.integer({ min: 0, max: accounts.length - 1 });
    const movement = fc.record({ from: place, to: place, amountMinor: fc.integer({ min: 1, max: 120 }) }).filter(({ from, to }) => from !== to);
    const posting = fc.array(movement, { minLength: 1, maxLength: 5 });
    await fc.assert(fc.asyncProperty(fc.array(posting, { minLength: 30, maxLength: 60 }), async (postings) => {
      const before = await Promise.all(accounts.map(level));
      const outcomes = await Promise.all(postings.map((transfers) => inFund((tx) => post(tx, {
        ...base(), transfers: transfers.map(({ from, to, amountMinor }) => ({ from: accounts[from] as string, to: accounts[to] as string, amountMinor, kind: 'move' })),
      }))));
      const expected = [...before];
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome instanceof Refusal) {
          expect(outcome.code).toBe('not-enough-money');
          continue;
        }
        for (const { from, to, amountMinor } of postings[index] ?? []) {
          expected[from] = (expected[from] ?? 0) - amountMinor;
          expected[to] = (expected[to] ?? 0) + amountMinor;
        }
      }
      const after = await Promise.all(accounts.map(level));
      expect(after).toEqual(expected);
      expect(Math.min(...after)).toBeGreaterThanOrEqual(0);
      expect(after.reduce((sum, each) => sum + each, 0)).toBe(750);
    }), { numRuns: 12 });
  });

  it('opens one account for one subject', async () => {
    const { potId } = await filledPot('One account', 100);
    const subjectId = newId();
    const made = await Promise.all(Array.from({ length: 16 }, () => must(inFund((tx) => reserve(tx, { ...base(), potId, amountMinor: 5, subjectId })))));
    expect(new Set(made.map((each) => each.reservationId)).size).toBe(1);
    expect(await level(made[0]?.reservationId ?? '')).toBe(80);
  });
});
