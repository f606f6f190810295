/** Rounds: set-up, preflight, phases by hand, and what is frozen once people vote. */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextPhases, digestRule, PHASES } from '@commonpot/server/rounds/rules';
import { makeWorld, queryAs, type World } from '../lib/world.ts';
import { BUDGET_MINOR, draftRound, fillPot, inHours, move, must } from './set-up.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

const missing = async (path: string): Promise<string[]> =>
  (await must(world.fund.people.administrator.get(`${path}/preflight`))).items.filter((item: { ok: boolean }) => !item.ok).map((item: { code: string }) => item.code);

describe('a round', () => {
  it('is set up step by step, published and opened, and says how it got there', async () => {
    const { administrator } = world.fund.people;
    const fund = `/funds/${world.fund.slug}`;
    const { slug } = await must(administrator.post(`${fund}/rounds`, { title: 'Tanner Hill’s summer, 2027' }));
    expect(slug).toBe('tanner-hills-summer-2027');
    const path = `${fund}/rounds/${slug}`;
    expect((await world.visitor().get(path)).status).toBe(404);
    expect(await missing(path)).toEqual(expect.arrayContaining(['pot-chosen', 'budget-set', 'budget-covered', 'credentials-chosen', 'projects-there', 'dates-in-order', 'recovery-settled']));

    const potId = await fillPot(world.fund, 'Summer');
    await must(administrator.send('PUT', path, { potId, budgetMinor: BUDGET_MINOR + 1 }));
    await must(administrator.send('PUT', path, { credentials: ['code', 'roll', 'code'], minimumAge: 11, area: ['BS5', 'Tanner Hill'] }));
    await must(administrator.send('PUT', path, { ballotForm: { kind: 'up-to', k: 3 }, rule: { kind: 'any' }, votingOpensAt: inHours(world, 2), votingClosesAt: inHours(world, 9) }));
    const { id } = await must(administrator.post(`${path}/projects`, { title: 'A bus', costMinor: BUDGET_MINOR * 2 }));
    expect((await missing(path)).filter((code) => code !== 'rule')).toEqual(['budget-covered', 'roll-filled', 'projects-affordable', 'projects-delivered', 'recovery-settled']);
    expect((await administrator.post(`${path}/transitions`, { to: 'notice' })).body).toMatchObject({ code: 'not-ready', missing: expect.arrayContaining(['budget-covered', 'projects-delivered']) });

    await must(administrator.send('PUT', path, { budgetMinor: BUDGET_MINOR, rule: (await import('@commonpot/server/votes/counting/presets')).presets.greedy }));
    await must(administrator.send('PUT', `${path}/projects/${id}`, { costMinor: 150_000, delivererName: 'Yusuf & Sons' }));
    await must(administrator.post(`${path}/transitions`, { to: 'notice' }));
    const seen = await must(world.visitor().get(path));
    expect(seen).toMatchObject({ phase: 'notice', proves: 'one-name', projects: 1, minimumAge: 11, area: ['BS5', 'Tanner Hill'], credentials: ['roll', 'code'], you: null, may: [], next: [], moves: [{ from: 'draft', to: 'notice', by: 'step', reason: null }] });
    expect(seen.ruleDigest).toMatch(/^[0-9a-f]{64}$/);

    expect((await administrator.post(`${path}/transitions`, { to: 'voting', reason: 'early' })).body).toMatchObject({ code: 'not-ready', missing: ['roll-filled', 'recovery-settled'] });
    await must(administrator.post(`${path}/roll`, { entries: [{ name: 'Rosa Delgado' }] }));
    await must(administrator.post(`${path}/codes`, { forRoll: true }));
    await must(administrator.post(`${path}/accept-no-recovery-sheet`));
    expect((await administrator.post(`${path}/transitions`, { to: 'voting' })).body.code).toBe('reason-missing');
    await must(administrator.post(`${path}/transitions`, { to: 'voting', reason: 'The hall is free today' }));
    expect((await administrator.post(`${path}/transitions`, { to: 'counting' })).body.code).toBe('reason-missing');
    expect((await must(administrator.get(path))).next).toEqual([{ to: 'counting', needsReason: true }]);
    expect((await must(world.visitor().get(path))).moves.at(-1)).toMatchObject({ from: 'notice', to: 'voting', by: 'override', reason: 'The hall is free today' });
    const { rows } = await world.superuser(`select name, subject from event where name like 'round.%' and subject ->> 'round' = (select id::text from round where slug = $1)`, [slug]);
    expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining(['round.created', 'round.changed', 'round.no-recovery-sheet-accepted', 'round.moved']));
  });

  it('belongs to its fund and to its administrators', async () => {
    const round = await draftRound(world);
    const other = world.otherFund.people.administrator;
    const there = `/funds/${world.otherFund.slug}/rounds/${round.slug}`;
    for (const path of [there, `${there}/preflight`, `${there}/roll`]) expect((await other.get(path)).status).toBe(404);
    expect((await other.get(`${round.path}/preflight`)).status).toBe(403);
    for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) {
      expect((await world.fund.people[person].get(round.path)).status).toBe(404);
      expect((await world.fund.people[person].post(`${round.path}/transitions`, { to: 'notice' })).status).toBe(403);
      expect((await world.fund.people[person].post(`/funds/${world.fund.slug}/rounds`, { title: 'Mine' })).status).toBe(403);
    }
    expect((await must(world.visitor().get(`/funds/${world.fund.slug}/rounds`))).rounds.map((each: { slug: string }) => each.slug)).not.toContain(round.slug);
    expect((await must(world.fund.people.administrator.get(`/funds/${world.fund.slug}/rounds`))).rounds.map((each: { slug: string }) => each.slug)).toContain(round.slug);
    // Another fund's pot is no pot here.
    const foreign = await fillPot(world.otherFund, 'Foreign');
    expect((await world.fund.people.administrator.send('PUT', round.path, { potId: foreign })).body).toMatchObject({ code: 'wrong-shape', fields: ['potId'] });
  });

  it('takes a title twice and a slug once', async () => {
    const { administrator } = world.fund.people;
    const path = `/funds/${world.fund.slug}/rounds`;
    expect((await must(administrator.post(path, { title: 'Same' }))).slug).toBe('same');
    expect((await must(administrator.post(path, { title: 'Same!' }))).slug).toBe('same-2');
    expect((await administrator.post(path, { title: 'Other', slug: 'same' })).body.code).toBe('already-exists');
    expect((await must(administrator.post(path, { title: '投票' }))).slug).toBe('round');
  });

  it('is listed in pages', async () => {
    const { administrator } = world.otherFund.people;
    const path = `/funds/${world.otherFund.slug}/rounds`;
    for (const title of ['a', 'b', 'c']) await must(administrator.post(path, { title }));
    const first = await must(administrator.get(`${path}?limit=2`));
    expect(first.rounds.map((each: { title: string }) => each.title)).toEqual(['c', 'b']);
    expect((await must(administrator.get(`${path}?limit=2&cursor=${first.nextCursor}`))).rounds.map((each: { title: string }) => each.title)).toEqual(['a']);
  });

  it('refuses what has no shape', async () => {
    const round = await draftRound(world);
    const { administrator } = world.fund.people;
    const wrong = [
      { budgetMinor: 0 }, { budgetMinor: 1.5 }, { minimumAge: 0 }, { credentials: ['passport'] }, { ballotForm: { kind: 'up-to' } }, { ballotForm: { kind: 'up-to', k: 0 } }, { area: ['a\nb'] },
      { title: '' }, { votingOpensAt: 'tomorrow' }, { votingOpensAt: inHours(world, 9), votingClosesAt: inHours(world, 9) }, { votingClosesAt: inHours(world, 0) }, { potId: crypto.randomUUID() },
    ];
    for (const body of wrong) expect({ body, status: (await administrator.send('PUT', round.path, body)).status }).toEqual({ body, status: 400 });
  });
});

describe('the preflight', () => {
  it('names each thing that is missing, and voting opens with none of them', async () => {
    const { administrator } = world.fund.people;
    const broken: [object, string][] = [
      [{ budgetMinor: BUDGET_MINOR + 1 }, 'budget-covered'], [{ budgetMinor: null }, 'budget-set'], [{ potId: null }, 'pot-chosen'], [{ credentials: [] }, 'credentials-chosen'],
      [{ credentials: ['roll'] }, 'roll-filled'], [{ credentials: ['code'] }, 'roll-filled'],
      [{ votingClosesAt: inHours(world, 8), resultsAt: inHours(world, 7) }, 'dates-in-order'], [{ noticeAt: inHours(world, 3) }, 'dates-in-order'], [{ votingOpensAt: null }, 'dates-in-order'],
    ];
    for (const [change, code] of broken) {
      const round = await draftRound(world);
      expect(await missing(round.path)).toEqual([]);
      await move(world, round, 'notice');
      await must(administrator.send('PUT', round.path, change));
      expect(await missing(round.path)).toContain(code);
      expect((await administrator.post(`${round.path}/transitions`, { to: 'voting', reason: 'x' })).body).toMatchObject({ code: 'not-ready', missing: expect.arrayContaining([code]) });
    }
  });

  it('counts money once: what another round promises out of the pot is gone', async () => {
    const { administrator } = world.fund.people;
    const first = await draftRound(world);
    const second = await draftRound(world);
    await must(administrator.send('PUT', second.path, { potId: first.potId }));
    expect(await missing(second.path)).toEqual([]);
    await move(world, first, 'notice', 'voting');
    expect(await missing(second.path)).toEqual(['budget-covered']);
  });

  it('refuses self-declared sign-in together with codes that bear no name', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { credentials: ['code'] });
    await must(administrator.post(`${round.path}/codes`, { count: 2 }));
    await must(administrator.send('PUT', round.path, { credentials: ['sign-in', 'code'] }));
    expect(await missing(round.path)).toEqual(['one-person-once']);
    expect((await administrator.post(`${round.path}/transitions`, { to: 'notice' })).body).toMatchObject({ code: 'not-ready', missing: ['one-person-once'] });
    // Nor can such codes be made while people may come in by another way.
    expect((await administrator.post(`${round.path}/codes`, { count: 1 })).body.code).toBe('codes-need-names');
    expect((await administrator.post(`${round.path}/codes`, { assigned: [{ name: 'Rosa' }] })).body.code).toBe('codes-need-names');
    await must(administrator.send('PUT', round.path, { credentials: ['roll', 'code'] }));
    await must(administrator.post(`${round.path}/codes`, { assigned: [{ name: 'Rosa' }] }));
    expect(await missing(round.path)).toEqual(['one-person-once']);
  });

  it('refuses self-declared sign-in together with codes of names without an address', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { credentials: ['roll', 'code'] });
    await must(administrator.post(`${round.path}/roll`, { entries: [{ name: 'Known', contact: { channel: 'email', address: 'known@example.org' } }, { name: 'Unknown' }] }));
    await must(administrator.send('PUT', round.path, { credentials: ['sign-in', 'code'] }));
    expect((await administrator.post(`${round.path}/codes`, { forRoll: true })).body.codes.map((each: { name: string }) => each.name)).toEqual(['Known']);
    expect(await missing(round.path)).toEqual([]);
    await must(administrator.send('PUT', round.path, { credentials: ['roll', 'code'] }));
    await must(administrator.post(`${round.path}/codes`, { forRoll: true }));
    await must(administrator.send('PUT', round.path, { credentials: ['sign-in', 'code'] }));
    expect(await missing(round.path)).toEqual(['one-person-once']);
  });

  it('knows the areas that electors vote in', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { credentials: ['code'], area: ['North', 'South'] });
    expect((await administrator.post(`${round.path}/codes`, { count: 1, area: 'West' })).body).toMatchObject({ code: 'wrong-shape', fields: ['area'] });
    await must(administrator.post(`${round.path}/codes`, { count: 1, area: 'South' }));
    expect(await missing(round.path)).toEqual([]);
    await must(administrator.send('PUT', round.path, { area: ['North'] }));
    expect(await missing(round.path)).toEqual(['areas-known']);
  });
});

describe('phases', () => {
  it('go forward one at a time', async () => {
    for (const to of PHASES) {
      const round = await draftRound(world);
      const { status, body } = await world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'x' });
      expect({ to, status }).toEqual({ to, status: to === 'ideas' || to === 'notice' ? 200 : 409 });
      if (status === 409) expect(body).toMatchObject({ code: 'wrong-phase', phase: 'draft' });
    }
  });

  it('are a chain without gaps, whatever anybody tries in whatever order', async () => {
    const { administrator } = world.fund.people;
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...PHASES), fc.boolean()), { maxLength: 14 }), async (tries) => {
      const round = await draftRound(world);
      let phase: (typeof PHASES)[number] = 'draft';
      for (const [to, atOnce] of tries) {
        const body = { to, reason: 'x' };
        const answers = await Promise.all(Array.from({ length: atOnce ? 3 : 1 }, () => administrator.post(`${round.path}/transitions`, body)));
        const moved = answers.filter((answer) => answer.status === 200).length;
        const isNext = (nextPhases[phase] as readonly string[]).includes(to);
        expect(moved).toBeLessThanOrEqual(isNext ? 1 : 0);
        if (moved === 1) phase = to;
      }
      const { moves, phase: now } = await must(administrator.get(round.path));
      expect(now).toBe(phase);
      let at = 'draft';
      for (const each of moves) {
        expect(each.from).toBe(at);
        at = each.to;
      }
      expect(at).toBe(phase);
      const { rows } = await world.superuser(`select phase_version from round where id = $1`, [round.id]);
      expect(rows[0].phase_version).toBe(moves.length);
    }), { numRuns: 12 });
  });

  it('cannot be moved, nor moves be edited, past the record in the database', async () => {
    const round = await draftRound(world);
    const asOwner = (text: string) => queryAs(world.database.ownerUrl, `select set_config('commonpot.fund', '${world.fund.id}', false); ${text}`);
    const refused = async (text: string, words: RegExp) => expect(asOwner(text), text).rejects.toThrow(words);
    await refused(`update round set phase = 'ideas', phase_version = 1 where id = '${round.id}'`, /only with its move on record/);
    await refused(`update round set phase = 'voting', phase_version = 1, frozen_at = '2026-11-21' where id = '${round.id}'`, /does not go from draft to voting/);
    await refused(`update round set phase_version = 5 where id = '${round.id}'`, /does not go/);
    await refused(`delete from round where id = '${round.id}'`, /not deleted/);
    await refused(`truncate round cascade`, /append-only/);
    await move(world, round, 'notice');
    await refused(`update round set phase = 'review', phase_version = 2 where id = '${round.id}'`, /does not go from notice to review/);
    await refused(`update round_move set reason = 'nicer' where round_id = '${round.id}'`, /append-only/);
    await refused(`delete from round_move`, /append-only/);
    await refused(`insert into round_move (fund_id, id, round_id, from_phase, to_phase, at, by, actor_id) values ('${world.fund.id}', gen_random_uuid(), '${round.id}', 'notice', 'voting', '2026-11-21', 'override', '${world.fund.people.administrator.accountId}')`, /check/);
    await refused(`insert into round (fund_id, id, slug, kind, title, phase, currency, created_at) values ('${world.fund.id}', gen_random_uuid(), 'x', 'vote', 'x', 'notice', 'GBP', '2026-11-21')`, /begins as a draft/);
  });
});

describe('once voting has opened', () => {
  it('nothing that decides can change: not through the API, not by the owner of the database', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { credentials: ['code'], area: ['North'] });
    await must(administrator.post(`${round.path}/codes`, { count: 3 }));
    const { projects } = await must(administrator.get(`${round.path}/projects`));
    await move(world, round, 'notice', 'voting');
    expect((await administrator.send('PUT', round.path, { budgetMinor: 1 })).body.code).toBe('frozen');
    expect((await administrator.post(`${round.path}/accept-no-recovery-sheet`)).body.code).toBe('frozen');
    expect((await administrator.post(`${round.path}/projects`, { title: 'Late', costMinor: 1 })).body.code).toBe('frozen');
    expect((await administrator.post(`${round.path}/projects/bulk`, { projects: [{ title: 'Late', costMinor: 1 }] })).body.code).toBe('frozen');
    expect((await administrator.send('PUT', `${round.path}/projects/${projects[0].id}`, { costMinor: 1 })).body.code).toBe('frozen');
    expect((await administrator.send('DELETE', `${round.path}/projects/${projects[0].id}`)).body.code).toBe('frozen');

    const asOwner = (text: string) => queryAs(world.database.ownerUrl, `select set_config('commonpot.fund', '${world.fund.id}', false); ${text}`);
    const changes = [
      `pot_id = null`, `budget_minor = budget_minor + 1`, `ballot_form = '{"kind":"one"}'`, `rule = '{}'`, `rule_digest = sha256('x')`, `voting_closes_at = voting_closes_at + interval '1 day'`,
      `voting_opens_at = voting_opens_at - interval '1 day'`, `minimum_age = 5`, `area = '{}'`, `credentials = '{sign-in}'`, `key_accepted_by = null`, `frozen_at = frozen_at + interval '1 day'`, `frozen_at = null`,
    ];
    for (const change of changes) await expect(asOwner(`update round set ${change} where id = '${round.id}'`), change).rejects.toThrow(/frozen|violates check/);
    await asOwner(`update round set title = 'A better title', results_at = results_at + interval '1 day' where id = '${round.id}'`);
    for (const text of [
      `update project set cost_minor = 1 where round_id = '${round.id}'`, `delete from project where round_id = '${round.id}'`, `truncate project cascade`,
      `insert into project (fund_id, round_id, id, number, title, cost_minor, position, created_at) values ('${world.fund.id}', '${round.id}', gen_random_uuid(), '99', 'Late', 1, 99, '2026-11-21')`,
    ]) await expect(asOwner(text), text).rejects.toThrow(/frozen|append-only/);
    for (const text of [`update elector set area = 'South'`, `delete from elector`, `truncate elector cascade`]) {
      await expect(asOwner(text), text).rejects.toThrow(/only grows|append-only|violates foreign key/);
    }
  });

  it('a project that is being changed and the opening wait for each other', async () => {
    const { administrator } = world.fund.people;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const round = await draftRound(world);
      await move(world, round, 'notice');
      const [opened, ...changed] = await Promise.all([
        administrator.post(`${round.path}/transitions`, { to: 'voting', reason: 'x' }),
        ...Array.from({ length: 5 }, (_, index) => administrator.post(`${round.path}/projects`, { title: `Late ${index}`, costMinor: 100, delivererName: 'x' })),
      ]);
      expect(opened.status).toBe(200);
      const { projects } = await must(administrator.get(`${round.path}/projects`));
      expect(projects.length).toBe(2 + changed.filter((answer) => answer.status === 201).length);
      expect(changed.every((answer) => answer.status === 201 || answer.body.code === 'frozen')).toBe(true);
    }
  });
});

describe('the database', () => {
  it('lets no project in behind an opening that is on its way, whoever sends it', async () => {
    const round = await draftRound(world);
    await move(world, round, 'notice');
    const client = new pg.Client({ connectionString: world.database.superuserUrl });
    await client.connect();
    await client.query('begin');
    await client.query(`update round set phase = 'voting', phase_version = phase_version + 1, frozen_at = '2026-11-21' where id = $1`, [round.id]);
    await client.query(`insert into round_move (fund_id, id, round_id, from_phase, to_phase, at, by) values ($1, gen_random_uuid(), $2, 'notice', 'voting', '2026-11-21', 'date')`, [world.fund.id, round.id]);
    const late = expect(world.superuser(
      `insert into project (fund_id, round_id, id, number, title, cost_minor, position, created_at) values ($1, $2, gen_random_uuid(), '99', 'Late', 100, 99, '2026-11-21')`, [world.fund.id, round.id],
    )).rejects.toThrow(/frozen/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.query('commit');
    await client.end();
    await late;
  });
});

describe('a rule’s digest', () => {
  it('is the same for the same rule in any order of its names, and another for another', () => {
    expect(digestRule({ a: 1, b: { c: [1, 2], d: null } })).toEqual(digestRule({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(digestRule({ a: [1, 2] })).not.toEqual(digestRule({ a: [2, 1] }));
  });
});
