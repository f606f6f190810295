/** Breaks each invariant once, as the superuser with triggers off, in a database of its own; check-ledger must name it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { moneyInvariants } from '@commonpot/server/money/checks';
import { reserve } from '@commonpot/server/money/ledger';
import { proveNow, type Proof } from '@commonpot/server/money/proof';
import { newId } from '@commonpot/server/platform/ids';
import { makeWorld, type World } from '../lib/world.ts';
import { fillPot, givePot } from './pots.ts';

let world: World;

/** A database whose money has been everywhere: pledged, entered, confirmed, dropped, reserved, reversed; then nobody is connected to it. */
beforeAll(async () => {
  world = await makeWorld();
  for (const fund of [world.fund, world.otherFund]) {
    const at = (path: string) => `/funds/${fund.slug}${path}`;
    const { administrator, administrator2, officer } = fund.people;
    const potId = await givePot(fund, 'Warm homes', { theme: 'Heating', area: '', people: '' });
    await givePot(fund, 'Anything');
    const pledge = await officer.post(at('/pledges'), { amountMinor: 700, potId });
    const line = { pledgeId: pledge.body.id, agencyId: null, potId, amountMinor: 700, receivedOn: '2026-11-20', reference: pledge.body.reference };
    const entered = await administrator.post(at('/contributions'), line);
    await administrator2.post(at(`/contributions/${entered.body.id}/confirm`), { amountMinor: 700 });
    const mistake = await fillPot(fund, potId, 50);
    const asked = await administrator.post(at(`/contributions/${mistake}/reversals`), { reason: 'A mistake' });
    await administrator2.post(at(`/reversals/${asked.body.id}/confirm`));
    const dropped = await administrator.post(at('/contributions'), { ...line, pledgeId: null, reference: 'dropped' });
    await administrator.post(at(`/contributions/${dropped.body.id}/drop`), { reason: 'Twice' });
    await within(world.app.services.db, { fund: fund.id }, (tx) => reserve(tx, { fundId: fund.id, potId, amountMinor: 200, subjectId: newId(), actorId: null, at: world.clock.now }));
  }
  await world.app.close();
});
afterAll(() => world.database.drop());

const breaks: [name: string, sql: string][] = [
  ['legs-exist', `delete from ledger_account where kind = 'reservation'`],
  ['legs-share-currency', `update ledger_account set currency = 'EUR' where kind = 'reservation'`],
  ['legs-share-restriction', `update ledger_account a set restriction_id = (select r.id from restriction r where r.fund_id = a.fund_id and theme = '') where kind = 'reservation'`],
  ['amounts-positive', `alter table transfer drop constraint transfer_positive; update transfer set amount_minor = 0 where kind = 'reserve'`],
  ['two-accounts', `alter table transfer drop constraint transfer_two_accounts; update transfer set to_account_id = from_account_id where kind = 'reserve'`],
  ['entries-sum-to-zero', `delete from ledger_account where kind = 'outside'`],
  ['levels-complete', `delete from ledger_level where account_id in (select id from ledger_account where kind = 'reservation')`],
  ['levels-complete', `insert into ledger_level select fund_id, id, 0 from ledger_account where kind = 'outside'`],
  ['levels-are-sums', `update ledger_level set balance_minor = balance_minor + 1 where account_id in (select account_id from pot)`],
  ['levels-are-sums', `delete from transfer where kind = 'reserve'`],
  ['nothing-below-zero', `alter table ledger_level drop constraint ledger_level_not_below_zero; update ledger_level set balance_minor = -1`],
  ['nothing-spent-twice', `update transfer set amount_minor = 701 where kind = 'reserve'`],
  ['reversals-mirror', `update transfer set amount_minor = amount_minor + 1 where kind = 'reversal'`],
  ['reversals-mirror', `alter table transfer drop constraint transfer_reversal_kind; update transfer set reverses = null where kind = 'reversal'`],
  ['reversed-once', `alter table transfer drop constraint transfer_reversed_once;
    insert into transfer select fund_id, gen_random_uuid(), from_account_id, to_account_id, currency, restriction_id, amount_minor, kind, subject_id, reverses, actor_id, at from transfer where kind = 'reversal'`],
  ['reversals-stand', `insert into transfer select fund_id, gen_random_uuid(), to_account_id, from_account_id, currency, restriction_id, amount_minor, kind, subject_id, id, actor_id, at from transfer where kind = 'reversal'`],
  ['accounts-belong', `update ledger_account set currency = 'EUR' where kind = 'outside'`],
  ['accounts-once', `alter table ledger_account drop constraint ledger_account_once;
    insert into ledger_account select fund_id, gen_random_uuid(), kind, subject_id, pot_id, currency, restriction_id, created_at from ledger_account where kind = 'reservation'`],
  ['pots-have-accounts', `update pot set account_id = gen_random_uuid()`],
  ['contributions-two-people', `alter table contribution_decision drop constraint contribution_two_people; update contribution_decision set decided_by = entered_by where decision = 'confirmed'`],
  ['contributions-two-people', `update contribution_decision set amount_minor = amount_minor + 1 where decision = 'confirmed'`],
  ['contributions-transferred', `update transfer set amount_minor = amount_minor + 1 where kind = 'contribution'`],
  ['contributions-transferred', `delete from transfer where kind = 'contribution' and amount_minor = 700`],
  ['transfers-confirmed', `delete from contribution_decision where decision = 'confirmed'`],
  ['transfers-confirmed', `update transfer set kind = 'gift' where kind = 'contribution'`],
  ['reversals-two-people', `alter table contribution_reversal_decision drop constraint contribution_reversal_two_people; update contribution_reversal_decision set decided_by = asked_by`],
  ['reversals-transferred', `update contribution_reversal_decision set decision = 'dropped'`],
  ['reversals-transferred', `delete from transfer where kind = 'reversal'`],
  ['lines-once', `insert into contribution select fund_id, gen_random_uuid(), pledge_id, agency_id, pot_id, amount_minor, received_on, reference, attempt + 1, entered_by, entered_at from contribution where pledge_id is not null`],
  ['pledges-kept', `update pledge set withdrawn_by = pledged_by, withdrawn_at = pledged_at`],
  ['pledges-kept', `update contribution c set pot_id = (select id from pot p where p.fund_id = c.fund_id and name = 'Anything') where pledge_id is not null`],
  ['money-constraints', `alter table transfer drop constraint transfer_to`],
  ['money-constraints', `alter table transfer alter constraint transfer_from not enforced`],
  ['money-constraints', `alter table ledger_level drop constraint ledger_level_not_below_zero; alter table ledger_level add constraint ledger_level_not_below_zero check (balance_minor >= 0) not valid`],
  ['money-indexes', `drop index transfer_contribution_once`],
  ['money-triggers', `alter table transfer disable trigger transfer_levels`],
  ['money-triggers', `alter table transfer disable trigger all`],
  ['money-triggers', `drop trigger contribution_append_only on contribution`],
  ['money-privileges', `grant delete on transfer to commonpot_app`],
  ['money-privileges', `grant update (amount_minor) on contribution to commonpot_app`],
  ['money-privileges', `grant insert on ledger_level to commonpot_app`],
  ['money-scoped', `alter table transfer no force row level security`],
  ['money-scoped', `alter policy pledge_scope on pledge using (true)`],
];

/** Breaks the database, proves as its owner would, and takes the break back. */
async function proveBroken(sql: string): Promise<Proof[]> {
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; ${sql}; set local role commonpot`);
    return (await proveNow(client, moneyInvariants)).proofs;
  } finally {
    await client.end();
  }
}

/** Breaks the database for good and runs the command on it. */
async function command(sql: string, ...args: string[]) {
  await world.superuser(`set session_replication_role = replica; ${sql}`);
  return spawnSync(process.execPath, [fileURLToPath(new URL('../../scripts/check-ledger.ts', import.meta.url)), ...args], {
    encoding: 'utf8', env: { ...process.env, DATABASE_URL: world.database.ownerUrl, SECRET: 'x'.repeat(48), KEYS_FOLDER: mkdtempSync(join(tmpdir(), 'commonpot-keys-')) },
  });
}

describe('check-ledger', () => {
  it('holds on money that moved as it should', async () => {
    expect((await proveBroken('')).filter((proof) => !proof.holds)).toEqual([]);
  });

  it.each(breaks)('names %s: %s', async (name, sql) => {
    const proofs = await proveBroken(sql);
    const named = proofs.find((proof) => proof.name === name);
    expect(named?.holds, proofs.filter((proof) => !proof.holds).map((proof) => proof.name).join(', ')).toBe(false);
    expect(named?.examples.length).toBeGreaterThan(0);
  });

  it('has every invariant broken once above', () => {
    expect([...new Set(breaks.map(([name]) => name))].toSorted()).toEqual(moneyInvariants.map((each) => each.name).toSorted());
    expect(new Set(moneyInvariants.map((each) => each.name)).size).toBe(moneyInvariants.length);
  });

  it('finds a fault in any fund, not in the first alone', async () => {
    for (const fund of [world.fund, world.otherFund]) {
      const proofs = await proveBroken(`update ledger_level set balance_minor = balance_minor + 1 where fund_id = '${fund.id}' and account_id in (select account_id from pot where name = 'Anything')`);
      expect(proofs.find((proof) => proof.name === 'levels-are-sums')?.examples).toMatchObject([{ fund: fund.id }]);
    }
  });

  it('speaks at the terminal: exit status, names, one JSON object', async () => {
    const sound = await command('', '--json');
    expect([sound.status, sound.stderr]).toEqual([0, '']);
    expect(JSON.parse(sound.stdout)).toMatchObject({ ok: true, funds: 2 });
    const broken = await command('update ledger_level set balance_minor = balance_minor + 1');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain('Not proven: levels-are-sums.');
    expect(JSON.parse((await command('', '--json')).stdout)).toMatchObject({ ok: false });
  });
});
