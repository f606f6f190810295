/** A practice round: everything a round does, and no money; and the words that stand beside a round's own. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@commonpot/server/platform/ids';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { BUDGET_MINOR, draftRound, inHours, move, must } from '../rounds/set-up.ts';
import { countAndSeal, draw } from '../votes/voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const fund = () => `/funds/${world.fund.slug}`;
const code = (answer: { body: { code?: string } }) => answer.body.code;

describe('a practice round', () => {
  it('is made from another by one call, goes all the way, and moves no money', async () => {
    const { administrator } = world.fund.people;
    const real = await draftRound(world, { credentials: ['code'] });
    expect((await world.fund.people.reviewer.post(`${real.path}/practice`, { title: 'No' })).status).toBe(403);
    const { slug, id } = await must(administrator.post(`${real.path}/practice`, { title: 'Practice on the hill' }));
    const path = `${fund()}/rounds/${slug}`;
    const made = await must(administrator.get(path));
    expect(made).toMatchObject({ isPractice: true, phase: 'draft', potId: null, budgetMinor: BUDGET_MINOR, credentials: ['code'], votingOpensAt: null });
    const titles = async (of: string) => (await must(administrator.get(`${of}/projects`))).projects.map(({ number, title, costMinor }: { number: string; title: string; costMinor: number }) => [number, title, costMinor]);
    expect(await titles(path)).toEqual(await titles(real.path));

    expect((await administrator.send('PUT', path, { potId: real.potId })).body).toMatchObject({ code: 'wrong-shape', fields: ['potId'] });
    await must(administrator.send('PUT', path, { votingOpensAt: inHours(world, 1), votingClosesAt: inHours(world, 8), resultsAt: inHours(world, 10) }));
    await must(administrator.post(`${path}/accept-no-recovery-sheet`));
    const { codes } = await must(administrator.post(`${path}/codes`, { count: 3 }));
    const items = (await must(administrator.get(`${path}/preflight`))).items as { code: string; ok: boolean }[];
    expect(items.filter((item) => !item.ok)).toEqual([]);
    expect(items.map((item) => item.code)).not.toContain('pot-chosen');
    const ledger = async () => (await world.superuser(`select (select count(*) from transfer) as transfers, (select count(*) from ledger_account) as accounts, (select count(*) from award) as awards`)).rows[0];
    const before = await ledger();
    const round = { id, slug, path, potId: '' };
    await move(world, round, 'notice', 'voting');
    for (const each of codes) {
      const phone = world.visitor();
      await must(phone.post(`${path}/enter-code`, { code: each.code }));
      const { voidKey: _, ...drawn } = draw('1');
      await must(phone.post(`${path}/ballot`, { ...drawn, replaces: null, oldVoidKey: null }));
    }
    await move(world, round, 'counting');
    await countAndSeal(world);
    await move(world, round, 'results', 'delivery', 'closed');
    expect(await must(world.visitor().get(`${path}/tally`))).toMatchObject({ ballots: 3, spentMinor: 900_000 });
    expect((await must(world.visitor().get(`${path}/awards`))).awards).toEqual([]);
    expect(await ledger()).toEqual(before);
  });

  it('can never hold an award or a reservation, become a real one, or have a pot, whoever asks the database', async () => {
    const { administrator } = world.fund.people;
    const { id } = await must(administrator.post(`${fund()}/rounds`, { title: 'Only practice', isPractice: true }));
    const real = await draftRound(world);
    const { rows: [pot] } = await world.superuser(`select account_id from pot where id = $1`, [real.potId]);
    const { rows: [like] } = await world.superuser(`select * from ledger_account where id = $1`, [pot.account_id]);
    const account = { ...like, id: newId(), kind: 'reservation', subject_id: id };
    const insert = (table: string, row: Record<string, unknown>) =>
      world.superuser(`select set_config('commonpot.fund', '${world.fund.id}', false); insert into ${table} select * from json_populate_record(null::${table}, '${JSON.stringify(row)}'::json)`);
    await expect(insert('ledger_account', account)).rejects.toThrow(/no money moves in a practice round/);
    await expect(insert('award', { fund_id: world.fund.id, id: newId(), round_id: id, subject_kind: 'project', subject_id: newId(), title: 'x', amount_minor: 1, recipient_name: 'x', reservation_id: like.id, made_at: world.clock.now })).rejects.toThrow(/no money moves in a practice round/);
    await expect(world.superuser(`update round set is_practice = false where id = '${id}'`)).rejects.toThrow(/does not change/);
    await expect(world.superuser(`update round set is_practice = true where id = '${real.id}'`)).rejects.toThrow(/does not change/);
    await expect(world.superuser(`update round set pot_id = '${real.potId}' where id = '${id}'`)).rejects.toThrow(/check/);
    expect((await administrator.post(`${fund()}/rounds`, { title: 'Rich practice', isPractice: true, potId: real.potId })).body).toMatchObject({ code: 'wrong-shape', fields: ['potId'] });
  });
});

describe('a translation', () => {
  const polish = { title: 'Ciepłe czwartki', summary: 'Miejsce, gdzie jest ciepło', description: '', translator: 'Ewa Nowak' };

  it('stands beside the original, is corrected with a date, and ends with the vote', async () => {
    const { administrator, reviewer, resident } = world.fund.people;
    const round = await draftRound(world);
    const [project] = (await must(administrator.get(`${round.path}/projects`))).projects;
    const path = `${round.path}/words/${project.id}/pl`;
    const stranger = world.visitor();
    const seen = async (who: Visitor = stranger) => (await must(who.get(`${round.path}/words/pl`))).projects;

    expect((await resident.send('PUT', path, polish)).status).toBe(403);
    expect(code(await administrator.send('PUT', path.replace('/pl', '/en'), polish))).toBe('same-language');
    expect(code(await administrator.send('PUT', path.replace('/pl', '/fr'), polish))).toBe('wrong-shape');
    expect(code(await administrator.send('PUT', path.replace(project.id, newId()), polish))).toBe('not-found');
    expect(code(await world.otherFund.people.administrator.send('PUT', path, polish))).toBe('not-allowed');
    await must(reviewer.send('PUT', path, { ...polish, title: 'Ciepłe środy' }));
    await must(reviewer.send('PUT', path, polish));
    await must(reviewer.send('PUT', path, polish));
    await must(administrator.send('PUT', path.replace(project.id, 'round'), { ...polish, title: 'Głosowanie' }));
    expect((await stranger.get(`${round.path}/words/pl`)).status).toBe(404);
    const frozen = JSON.stringify((await must(administrator.get(`${round.path}/projects`))).projects);

    await move(world, round, 'notice');
    expect(await seen()).toEqual([{ project: project.id, ...polish, correctedAt: null }]);
    expect(await must(stranger.get(`${round.path}/words/ar`))).toMatchObject({ original: 'en', round: null, projects: [] });
    world.clock.forward(10);
    await move(world, round, 'voting');
    // Two at once: both stand, one after the other.
    const answers = await Promise.all(['Cieplejsze czwartki', 'Ciepłe czwartki w piekarni'].map((title) => administrator.send('PUT', path, { ...polish, title })));
    expect(answers.map((each) => each.status)).toEqual([200, 200]);
    const [{ correctedAt, title }] = await seen();
    expect(correctedAt).toBe(world.clock.now.toISOString());
    const { translations } = await must(stranger.get(`${round.path}/words/of/${project.id}`));
    // What the ballot was published with is there; what was typed before is not.
    expect(translations[0].before.map((each: { title: string }) => each.title)).toEqual([['Cieplejsze czwartki', 'Ciepłe czwartki w piekarni'].find((each) => each !== title), 'Ciepłe czwartki']);
    expect(JSON.stringify((await must(administrator.get(`${round.path}/projects`))).projects)).toBe(frozen);

    await move(world, round, 'counting');
    expect(code(await administrator.send('PUT', path, { ...polish, title: 'Za późno' }))).toBe('wrong-phase');
    await expect(world.superuser(`update translation set title = 'x' where round_id = '${round.id}'`)).rejects.toThrow(/corrected by another/);
    await expect(world.superuser(`delete from translation where round_id = '${round.id}'`)).rejects.toThrow(/corrected by another/);
  });

  it('of a project that leaves the ballot goes along, and a project says its own language', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world);
    const { id } = await must(administrator.post(`${round.path}/projects`, { title: 'Ławki', costMinor: 100, language: 'pl', delivererName: 'Ewa' }));
    expect(code(await administrator.send('PUT', `${round.path}/words/${id}/pl`, polish))).toBe('same-language');
    await must(administrator.send('PUT', `${round.path}/words/${id}/en`, { ...polish, title: 'Benches' }));
    await must(administrator.send('DELETE', `${round.path}/projects/${id}`));
    expect((await world.superuser(`select count(*)::int as n from translation where project_id = $1`, [id])).rows[0].n).toBe(0);
  });
});

/** A form with a file, as a browser sends it. */
async function upload(who: Visitor, path: string, file: Buffer, reader = 'Ewa Nowak') {
  const form = new FormData();
  form.set('reader', reader);
  form.set('recording', new Blob([new Uint8Array(file)]), 'C:\\Ewa\\reading.mp3');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const answer = await world.app.inject({
    method: 'POST', url: `/api/v1${path}`, payload: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '', 'sec-fetch-site': 'same-origin', cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  return { status: answer.statusCode, body: answer.json() };
}

describe('a reading', () => {
  it('is taken, served whole and in pieces, replaced, and taken back', async () => {
    const { administrator, resident } = world.fund.people;
    const round = await draftRound(world);
    const [project] = (await must(administrator.get(`${round.path}/projects`))).projects;
    const path = `${round.path}/words/${project.id}/pl/recording`;
    const mp3 = readFileSync(new URL('./fixtures/reading.mp3', import.meta.url));
    expect((await upload(resident, path, mp3)).status).toBe(403);
    expect(code(await upload(administrator, path, randomBytes(20_000)))).toBe('not-audio');
    expect(code(await upload(administrator, path, Buffer.from('<script>alert(1)</script>'.repeat(90))))).toBe('not-audio');
    for (const more of [5, 11]) expect(code(await upload(administrator, path, Buffer.concat([mp3, Buffer.alloc(more * 1024 * 1024)])))).toBe('audio-too-large');
    expect(code(await upload(administrator, path, Buffer.concat(Array.from({ length: 320 }, () => mp3))))).toBe('audio-too-long');
    expect((await upload(administrator, path, mp3)).status).toBe(201);
    expect((await upload(administrator, path, mp3, 'Jan Kowalski')).status).toBe(201);

    const get = (headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url: `/api/v1${path}`, headers });
    expect((await get()).statusCode).toBe(404);
    await move(world, round, 'notice');
    expect((await must(world.visitor().get(`${round.path}/words/pl`))).recordings).toEqual([{ subject: project.id, language: 'pl', reader: 'Jan Kowalski', seconds: 1 }]);
    const whole = await get();
    expect(whole.headers).toMatchObject({ 'content-type': 'audio/mpeg', 'accept-ranges': 'bytes', 'x-content-type-options': 'nosniff' });
    const bytes = whole.rawPayload;
    const range = async (text: string) => {
      const { statusCode, headers, rawPayload } = await get({ range: text });
      return [statusCode, headers['content-range'], rawPayload.toString('hex')];
    };
    const size = bytes.length;
    expect(await range('bytes=0-9')).toEqual([206, `bytes 0-9/${size}`, bytes.subarray(0, 10).toString('hex')]);
    expect(await range(`bytes=${size - 3}-`)).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, bytes.subarray(-3).toString('hex')]);
    expect(await range('bytes=-5')).toEqual([206, `bytes ${size - 5}-${size - 1}/${size}`, bytes.subarray(-5).toString('hex')]);
    expect((await range(`bytes=${size}-`))[0]).toBe(416);
    expect((await range('bytes=0-1,3-4'))[0]).toBe(200);
    await must(administrator.send('DELETE', path));
    expect((await get()).statusCode).toBe(404);
  });
});
