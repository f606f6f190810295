/** Erasing by the charter's dates: figures before are figures after, and nothing of the person is left in the database. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import { eraseDue } from '@commonpot/server/grants/erasure/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must, take } from '../payouts/house.ts';
import { ask, newNumber, openGrants, queue, type OpenGrants } from './granting.ts';
import { choose, look, makeAward, start, stateTerms } from './paying.ts';

let world: World;
let round: OpenGrants;
let at: string;
const DAY = 24 * 60;
beforeAll(async () => {
  world = await makeWorld();
  await world.superuser(`update session set expires_at = '2030-01-01'`);
  at = `/funds/${world.fund.slug}`;
  round = await openGrants(world.fund, { charter: { householdCapMinor: 400_00 }, potMinor: 5_000_00 });
});
afterAll(() => world.close());

/** Every value of every row of every table, as text. */
async function dump(): Promise<string> {
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'pgboss')`);
    const parts = [];
    for (const { name } of tables) parts.push((await client.query<{ all: string | null }>(`select string_agg(t::text, chr(10)) as all from ${name} t`)).rows[0]?.all ?? '');
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

/** What is sealed under a person's name: bytes of theirs that must be gone, and not only unread. */
const sealedOf = async (id: string): Promise<string[]> => {
  const { rows } = await world.superuser(`select encode(a.contact_hash, 'hex') as h, encode(a.sealed_contact, 'hex') as c, encode(a.sealed_name, 'hex') as n, encode(a.household_hash, 'hex') as d, encode(r.sealed_words, 'hex') as w, encode(b.sealed_account, 'hex') as b, encode(s.sealed_words, 'hex') as s
    from request r join applicant a on a.id = r.applicant_id left join payment_bank b on b.request_id = r.id left join story s on s.request_id = r.id where r.id = $1`, [id]);
  return Object.values(rows[0] as Record<string, string | null>).filter((each): each is string => each !== null);
};

const figures = async () => ({ public: await must(world.visitor().get(`${round.path}/figures`)), trust: { ...(await must(world.fund.people.officer.get(`${at}/trust`))), drawnUpAt: null } });

it('erases whoever is due, and nobody else; figures stay', async () => {
  await stateTerms(world.fund);
  const { administrator, administrator2 } = world.fund.people;
  for (let n = 0; n < 11; n += 1) {
    const one = await makeAward(world, round, { household: `${n} Loom Street`, words: 'Cold flat' });
    await must(start(world, one));
    await must(take(world.fund, world.fund.people.shop, (await look(world, one)).voucher.code, 40_00));
  }
  // Paid by transfer, with a story and an account; its words are all marked.
  const banked = await makeAward(world, round, { way: 'bank', name: 'Zzyzx Quillfeather', words: 'MARKEDWORDS of need', household: '77 Marked Row', number: newNumber() });
  await must(choose(world, banked, 'bank', { name: 'Zzyzx Quillfeather', number: '11223344556677' }));
  const sealed = await sealedOf(banked.id);
  await must(start(world, banked));
  const { payments } = await must(administrator.get(`${round.path}/payments?limit=200`));
  const { id } = await must(administrator.post(`${at}/disbursements/${payments.find((each: { request: string }) => each.request === banked.id).last.disbursement}/payouts`, { reference: banked.reference }));
  await must(administrator2.post(`${at}/payouts/${id}/transitions`, { to: 'paid', amountMinor: 40_00, note: '' }));
  await must(world.visitor().post(`${at}/requests/story`, { token: banked.token, words: 'MARKEDSTORY it went well', consents: true }));
  sealed.push(...(await sealedOf(banked.id)));
  // Still waiting for an answer, so not due; and declined, so that it may still be appealed.
  const waiting = await must(ask(world, round, { household: '1 Waiting Row' }));
  const declined = await must(ask(world, round, { household: '2 Declined Row' }));
  await must(administrator.post(`${at}/requests/${(await queue(world.fund, round)).find((each) => each.reference === declined.reference).id}/decisions`, { verdict: 'no', reason: 'outside-charter' }));
  expect(await eraseDue(world.app.services, world.clock.now)).toBe(0);

  world.clock.forward(31 * DAY);
  // The door of whoever still waits is kept: they may be given something yet.
  expect(await eraseDue(world.app.services, world.clock.now)).toBe(13);
  expect((await world.superuser('select r.reference from applicant a join request r on r.applicant_id = a.id where a.household_hash is not null')).rows).toEqual([{ reference: waiting.reference }]);
  world.clock.forward(58 * DAY);
  const before = await figures();
  expect([before.public.asked, before.public.daysToAnswer, before.trust.awards]).toEqual([14, { median: 0, nineOfTen: 0 }, 12]);
  world.clock.forward(2 * DAY);
  expect(await eraseDue(world.app.services, world.clock.now)).toBe(12);
  expect(await eraseDue(world.app.services, world.clock.now)).toBe(0);
  expect(await figures()).toEqual(before);
  const all = await dump();
  for (const trace of ['Quillfeather', 'MARKEDWORDS', 'MARKEDSTORY', '11223344556677', ...sealed]) expect(all.includes(trace)).toBe(false);
  expect((await world.visitor().post(`${at}/requests/look`, { token: banked.token })).status).toBe(401);
  expect((await world.visitor().post(`${at}/requests/look`, { token: waiting.token })).status).toBe(200);
  const { rows } = await world.superuser(`select subject from event where name = 'personal-data.erased' order by id`);
  expect(rows.at(-1).subject).toEqual({ people: '12', requests: '12', stories: '1', accounts: '1', doors: '0' });
  world.clock.forward(28 * DAY);
  expect(await eraseDue(world.app.services, world.clock.now)).toBe(1);
  expect(await brokenInvariants(world)).toEqual([]);
});

it('keeps a door as long as the longest limit that it was told of, though the same person asks under a shorter one', async () => {
  const { administrator, administrator2 } = world.fund.people;
  const limits: Partial<Charter> = { bands: [{ upToMinor: 50_00, agree: 'one', proofOfAddress: false }], householdCapMinor: 60_00 };
  const long = await openGrants(world.fund, { charter: { ...limits, periodDays: 60 } });
  const short = await openGrants(world.fund, { charter: { ...limits, periodDays: 20 } });
  const decide = async (of: OpenGrants, { reference }: { reference: string }, who = administrator) =>
    who.post(`${at}/requests/${(await queue(world.fund, of)).find((each) => each.reference === reference).id}/decisions`, { verdict: 'yes' });
  const [number, household] = [newNumber(), '5 Weir Row'];
  await must(decide(long, await must(ask(world, long, { number, household })), administrator2));
  await must(ask(world, short, { number, household, amountMinor: 10_00 }));
  world.clock.forward(25 * DAY);
  const { rows: open } = await world.superuser(`select id from request where state = 'asked' and amount_minor = 1000`);
  await must(administrator.post(`${at}/requests/${open[0].id}/decisions`, { verdict: 'no', reason: 'outside-charter' }));
  await eraseDue(world.app.services, world.clock.now);
  const neighbour = await must(ask(world, long, { household }));
  expect((await decide(long, neighbour)).body.code).toBe('over-household-cap');
});
