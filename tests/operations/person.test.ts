/** Asked for somebody's data: what is held, and forgetting them without changing a figure. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand } from '../lib/command.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { ask, openGrants } from '../grants/granting.ts';
import { gather } from '../proposals/gathering.ts';
import { brokenInvariants, filledPot, must } from '../payouts/house.ts';

let world: World;
const ADDRESS = 'rosa.delgado@example.org';
beforeAll(async () => {
  world = await makeWorld();
  const { administrator } = world.fund.people;
  const member = await must(administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'email', address: ADDRESS, role: 'resident', name: 'Rosa Delgado' }));
  const potId = await filledPot(world.fund, 10_000);
  await must(administrator.post(`/funds/${world.fund.slug}/vouchers`, { from: { pot: potId }, title: 'Winter food', valueMinor: 3500, lastDay: '2027-03-31', holder: member.id }));
});
afterAll(() => world.close());

async function person(...args: string[]): Promise<any> {
  const { databaseUrl, secret, keysFolder } = world.config;
  const command = startCommand('person', { DATABASE_URL: databaseUrl, SECRET: secret, KEYS_FOLDER: keysFolder }, [...args, '--json']);
  expect([await command.ended, command.stderr()]).toEqual([0, '']);
  return JSON.parse(command.stdout());
}
const lines = async () => (await world.superuser(`select row_to_json(t)::text as line from (select id, from_account_id, amount_minor, kind from transfer order by id) t`)).rows;

it('says what is held about an address, and changes nothing', async () => {
  const held = await person('Rosa.Delgado@example.org ');
  expect(held).toMatchObject({ names: [{ fund: world.fund.slug, name: 'Rosa Delgado' }], rolls: [], forgotten: false });
  expect(held.held).toEqual(expect.arrayContaining([
    { fund: null, what: 'account_contact.account_id', rows: 1 }, { fund: world.fund.slug, what: 'membership.account_id', rows: 1 }, { fund: world.fund.slug, what: 'voucher.holder_account_id', rows: 1 },
  ]));
  expect(await person(ADDRESS)).toEqual(held);
  expect(await person('nobody@example.org')).toEqual({ account: null, held: [], names: [], rolls: [], asked: [], forgotten: false });
});

it('forgets them: no name, no address, no way in, and every figure as it was', async () => {
  const round = await gather(world);
  const { account } = await person(ADDRESS);
  await world.superuser(`insert into session (id, account_id, created_at, expires_at) values (gen_random_uuid(), $1, '2026-11-21', '2100-01-01')`, [account]);
  const said = ['insert into comment (fund_id, round_id, subject_kind, subject_id, id, account_id, draft_id, name, words, at)', `values ($1, $2, 'idea', gen_random_uuid(), gen_random_uuid(), $3, gen_random_uuid(), 'Rosa', 'My own words', '2026-11-21')`].join(' ');
  await world.superuser(said, [world.fund.id, round.id, account]);
  const grants = await openGrants(world.fund);
  const before = await lines();
  const own = { contact: { channel: 'email', address: ADDRESS }, name: 'Rosa Delgado', words: 'MARKED need', mayWrite: true };
  const asked = await must(ask(world, grants, own));
  const fund = `/funds/${world.fund.slug}`;
  await must(world.visitor().post(`${fund}/requests/send`, { token: asked.token }));
  const members = (await must(world.fund.people.administrator.get(`${fund}/members`))).members as { id: string; role: string }[];
  const lead = await must(world.fund.people.administrator.post(`${fund}/safeguarding/leads`, { member: members.find((each) => each.role === 'reviewer')?.id, channel: 'email', address: 'lead@example.org' }));
  await must(world.fund.people.administrator2.post(`${fund}/safeguarding/leads/${lead.id}/agree`));
  await must(world.visitor().post(`${fund}/requests/disclose`, { token: asked.token, words: 'He reads my post' }));
  // Nothing of an applicant is forgotten while an answer is on its way.
  expect((await person(ADDRESS)).asked).toMatchObject([{ fund: world.fund.slug, requests: 1, open: 1 }]);
  await must(world.visitor().post(`${fund}/requests/withdraw`, { token: asked.token }));
  expect((await person(ADDRESS)).asked).toMatchObject([{ requests: 1, open: 0 }]);
  expect((await person(ADDRESS, '--forget')).forgotten).toBe(true);
  expect((await world.superuser('select contact_hash, sealed_contact, sealed_name, household_hash, erased_at is not null as gone from applicant')).rows).toEqual([{ contact_hash: null, sealed_contact: null, sealed_name: null, household_hash: null, gone: true }]);
  expect((await world.superuser('select sealed_words, sealed_name, told_hash, amount_minor::int, state, erased_at is not null as gone from request')).rows).toEqual([{ sealed_words: null, sealed_name: null, told_hash: null, amount_minor: 40_00, state: 'withdrawn', gone: true }]);
  expect((await world.superuser('select id from disclosure')).rows).toEqual([]);
  expect((await world.visitor().post(`${fund}/requests/look`, { token: asked.token })).body.code).toBe('wrong-code');
  expect((await person(ADDRESS)).asked).toEqual([]);
  expect((await world.superuser('select name, words, gone from comment')).rows).toEqual([{ name: null, words: null, gone: 'erased' }]);
  expect(await person(ADDRESS)).toMatchObject({ account: null, names: [], forgotten: false });
  expect((await world.superuser('select name, ended_at is not null as ended from membership where account_id = $1', [account])).rows).toEqual([{ name: 'Somebody', ended: true }]);
  expect((await world.superuser('select count(*)::int as n from session where account_id = $1', [account])).rows[0].n).toBe(0);
  expect(await lines()).toEqual(before);
  expect(await brokenInvariants(world)).toEqual([]);
  expect((await world.superuser(`select count(*)::int as n from membership where name <> 'Somebody'`)).rows[0].n).toBe(14);
});
