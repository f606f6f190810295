/** What people do around the seal: strike for a published reason, type a draw, look whether a ballot was counted, print a key. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundKeys, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { lotCommitment, lotSeed } from '@commonpot/server/votes/published/bytes';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { eraseDueRolls, sealDueRounds } from '@commonpot/server/votes/sealing/jobs';
import { drawSample, objectionsEnd } from '@commonpot/server/votes/sealing/rules';
import { readSheet, sheetRows } from '@commonpot/server/votes/sealing/sheet';
import { root } from '../../scripts/lib/root.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const people = () => world.fund.people;
const close = async (round: VotingRound) => expect((await people().administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' })).status).toBe(200);
const tally = async (round: VotingRound) => (await world.visitor().get(`${round.path}/tally`)).body;
const sealing = async (round: VotingRound) => (await world.visitor().get(`${round.path}/sealing`)).body;
const placeOf = (round: VotingRound) => join(world.config.publishFolder, world.fund.slug, round.path.split('/').at(-1) as string);

/** A round with names on its roll and a code for each, in which `choices` were cast in the order of the names. */
async function namedRound(choices: readonly string[][], more: object): Promise<{ round: VotingRound; electors: string[]; codes: string[] }> {
  const round = await openVoting(world, { codes: 0, credentials: ['roll', 'code'], more, names: choices.map((_, index) => `Person ${String(index).padStart(2, '0')}`) });
  for (const [index, projects] of choices.entries()) {
    const answer = await cast(await phoneWith(world, round, round.codes[index] as string), round, draw(...projects));
    expect(answer.status).toBe(200);
  }
  const { entries } = (await people().administrator.get(`${round.path}/roll?limit=50`)).body;
  return { round, electors: entries.map((entry: { elector: string }) => entry.elector), codes: round.codes };
}

describe('objections', () => {
  it('end after working days, where the fund is', () => {
    const friday = new Date('2026-11-20T20:00:00Z');
    expect(objectionsEnd(friday, 0, 'Europe/London')).toEqual(friday);
    expect(objectionsEnd(friday, 5, 'Europe/London')).toEqual(new Date('2026-11-27T20:00:00Z'));
    // Where it is Saturday already.
    expect(objectionsEnd(friday, 1, 'Asia/Tokyo')).toEqual(new Date('2026-11-22T20:00:00Z'));
  });

  it('take two people, neither of them the entry; the ballot goes unseen, and no figure gives it away', async () => {
    const { round, electors } = await namedRound([['1'], ['1'], ['2', '3']], { objectionDays: 5 });
    const { administrator, administrator2, officer, resident } = people();
    const [, , struck] = electors as [string, string, string];
    expect((await administrator.post(`${round.path}/objections`, { elector: struck, reason: 'Too early' })).body.code).toBe('wrong-phase');
    await close(round);
    await countAndSeal(world);
    const before = await tally(round);
    expect(await sealing(round)).toMatchObject({ sealedAt: null, strikes: [], objectionsEndAt: '2026-11-27T10:00:00.000Z' });
    for (const person of [resident, officer, world.otherFund.people.administrator]) expect((await person.post(`${round.path}/objections`, { elector: struck, reason: 'Moved away' })).body.code).toBe('not-allowed');
    expect((await administrator.post(`${round.path}/objections`, { elector: struck, reason: 'Moved away in June' })).status).toBe(201);
    expect((await administrator2.post(`${round.path}/objections`, { elector: struck, reason: 'Again' })).body.code).toBe('already-exists');
    expect((await administrator.post(`${round.path}/objections/${struck}/confirm`)).body.code).toBe('same-person');
    expect((await administrator.get(`${round.path}/objections`)).body.objections).toMatchObject([{ name: 'Person 02', byYou: true, confirmedAt: null }]);
    expect((await sealing(round)).strikes).toEqual([]);
    const answers = await Promise.all([administrator2.post(`${round.path}/objections/${struck}/confirm`), administrator2.post(`${round.path}/objections/${struck}/confirm`)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    await countAndSeal(world);
    const after = await tally(round);
    // Its day is the fund's own, as the seal will say it: at ten in the morning in London it is tomorrow on Kiritimati.
    const moveTo = (zone: string) => world.superuser('update fund set time_zone = $1 where id = $2', [zone, world.fund.id]);
    await moveTo('Pacific/Kiritimati');
    expect((await sealing(round)).strikes).toEqual([{ on: '2026-11-22', reason: 'Moved away in June' }]);
    await moveTo('Europe/London');
    // What changed is which projects lead. Neither count says who voted for what, or how many did.
    expect([before, after].map((each) => each.ballots)).toEqual([3, 3]);
    expect([before, after].flatMap((each) => each.decisions.map((decision: { votes: unknown }) => decision.votes)).every((votes) => votes === null)).toBe(true);
    expect(after.decisions.map(({ reason }: { reason: { kind: string } }) => reason.kind)).toEqual(['leads', 'trails', 'trails', 'trails']);
    // A seal that came earlier would cut objections short, whoever asks for it.
    expect((await sealDueRounds(world.app.services, world.clock.now)).get(round.id)).toBe('objections');
    expect((await people().administrator.post(`${round.path}/transitions`, { to: 'results', reason: 'In a hurry' })).body).toMatchObject({ code: 'not-ready', missing: ['sealed'] });

    const then = world.clock.now;
    world.clock.now = new Date('2026-11-27T10:00:00Z');
    await sealDueRounds(world.app.services, world.clock.now);
    world.clock.now = then;
    expect(await findFaults(placeOf(round))).toEqual([]);
    expect(JSON.parse(readFileSync(join(placeOf(round), 'seal.json'), 'utf8'))).toMatchObject({ counted: 2, voided: { struck: 1 }, strikes: [{ reason: 'Moved away in June' }], turnout: { people: 2 } });
    expect((await administrator.post(`${round.path}/objections`, { elector: electors[0], reason: 'Too late' })).body.code).toBe('wrong-phase');
  });

  it('are not for whoever stands behind the entry', async () => {
    const round = await openVoting(world, { codes: 0, credentials: ['sign-in'], more: { objectionDays: 1 } });
    const { administrator, administrator2 } = people();
    await administrator.post(`${round.path}/join`, { credential: 'sign-in', isOldEnough: true });
    const { rows: [own] } = await world.superuser('select elector_id as id from elector_account where round_id = $1', [round.id]);
    await close(round);
    expect((await administrator.post(`${round.path}/objections`, { elector: own.id, reason: 'Mine' })).body.code).toBe('own-entry');
    expect((await administrator2.post(`${round.path}/objections`, { elector: own.id, reason: 'Lives elsewhere' })).status).toBe(201);
    expect((await administrator.post(`${round.path}/objections/${own.id}/confirm`)).body.code).toBe('own-entry');
    expect((await administrator.post(`${round.path}/objections/${own.id}/drop`)).status).toBe(200);
  });

  it('would show a struck ballot by the difference of two counts, if a provisional count had figures', async () => {
    // The flaw that the provisional count is silent for: what the protocol's first text would have published.
    const { round, electors } = await namedRound([['1'], ['1'], ['2', '3']], { objectionDays: 5 });
    await close(round);
    const { decideRound } = await import('@commonpot/server/votes/sealing/writes');
    const { within } = await import('@commonpot/db/client');
    const figures = async () => within(world.app.services.db, { fund: world.fund.id }, async (tx) => {
      const keys = roundKeys((await world.app.services.keys.read(round.id)) as Buffer, uuidBytes(round.id));
      const decided = await decideRound(tx, { fundId: world.fund.id, roundId: round.id }, keys, 'Europe/London');
      return decided && 'outcome' in decided ? new Map(decided.outcome.decisions.map((each) => [each.projectId, each.votes])) : new Map<string, number>();
    });
    const before = await figures();
    await people().administrator.post(`${round.path}/objections`, { elector: electors[2], reason: 'Moved away' });
    await people().administrator2.post(`${round.path}/objections/${electors[2]}/confirm`);
    const after = await figures();
    expect([...before].filter(([project, votes]) => votes !== after.get(project)).map(([project]) => project)).toEqual(['2', '3']);
  });
});

describe('a tie', () => {
  it('waits for the named draw, typed by two people; the lot follows from it, and anyone can check that', async () => {
    // Two projects of one price, each wanted once, and money for one.
    const round = await openVoting(world, { codes: 2, form: { kind: 'one' }, more: { budgetMinor: 1_000_000, drawName: 'The national draw', drawDate: '2026-12-01' }, onBallot: [
      { number: '1', title: 'Benches', costMinor: 900_000 }, { number: '2', title: 'Trees', costMinor: 900_000 },
    ] });
    for (const [index, project] of ['1', '2'].entries()) await cast(await phoneWith(world, round, round.codes[index] as string), round, draw(project));
    const typed = { drawnOn: '2026-12-01', text: '3 7 12 31 40 2 9', evidence: 'https://draws.example.org/2026-12-01' };
    expect((await people().administrator.post(`${round.path}/draw`, typed)).body.code).toBe('wrong-phase');
    await close(round);
    await countAndSeal(world);
    expect(await sealing(round)).toMatchObject({ waitingForLot: ['1', '2'], drawn: null, draw: { name: 'The national draw', date: '2026-12-01' } });
    expect((await tally(round)).waitingForLot).toEqual(['1', '2']);
    expect((await sealDueRounds(world.app.services, world.clock.now)).get(round.id)).toBe('draw');

    expect((await people().administrator.post(`${round.path}/draw`, { ...typed, drawnOn: '2026-12-02' })).body.code).toBe('draw-too-early');
    expect((await people().administrator.post(`${round.path}/draw`, { ...typed, drawnOn: '2026-12-04', missed: ['2026-12-02'] })).body.code).toBe('draw-too-early');
    expect((await people().administrator.post(`${round.path}/draw`, typed)).body).toEqual({ confirmed: false, differs: false });
    expect((await people().administrator.post(`${round.path}/draw`, typed)).body).toEqual({ confirmed: false, differs: false });
    expect((await people().administrator2.post(`${round.path}/draw`, { ...typed, text: '3 7 12 31 41 2 9' })).body).toEqual({ confirmed: false, differs: true });
    expect((await people().administrator2.post(`${round.path}/draw`, typed)).body).toEqual({ confirmed: true, differs: false });
    expect((await people().administrator.post(`${round.path}/draw`, typed)).body.code).toBe('already-decided');
    await countAndSeal(world);
    expect(await findFaults(placeOf(round))).toEqual([]);
    const seal = JSON.parse(readFileSync(join(placeOf(round), 'seal.json'), 'utf8'));
    const rule = JSON.parse(readFileSync(join(placeOf(round), 'rule.json'), 'utf8'));
    expect(lotCommitment(Buffer.from(seal.lot.key, 'hex')).toString('hex')).toBe(rule.lot.commitment);
    expect(seal.lot.seed).toBe(lotSeed({ round: uuidBytes(round.id), lotKey: Buffer.from(seal.lot.key, 'hex'), root: Buffer.from(seal.root, 'hex'), draw: typed.text }).toString('hex'));
    expect((await tally(round)).ties).toHaveLength(1);
  });

  it('does not wait where none is', async () => {
    const round = await openVoting(world, { codes: 1 });
    await cast(await phoneWith(world, round, round.codes[0] as string), round, draw('1'));
    await close(round);
    await countAndSeal(world);
    const answer = await people().administrator.post(`${round.path}/draw`, { drawnOn: '2026-12-01', text: '1', evidence: 'https://draws.example.org/' });
    expect(answer.body.code).toBe('wrong-phase');
  });
});

describe('the turnout roll', () => {
  it('tells each person whether a ballot was counted in their name, by code too, and some are called; for 28 days', async () => {
    const { round, codes } = await namedRound([['1'], ['2'], []], { objectionDays: 0 });
    // A fourth code is not used.
    const { administrator } = people();
    const mine = async (code: string) => (await (await phoneWith(world, round, code)).get(`${round.path}/turnout-roll/mine`)).body;
    await close(round);
    expect((await world.visitor().post(`${round.path}/enter-code`, { code: codes[0] })).body.code).toBe('voting-closed');
    expect((await administrator.get(`${round.path}/turnout-roll/sample`)).body.code).toBe('roll-erased');
    await countAndSeal(world);
    expect(await mine(codes[0] as string)).toMatchObject({ counted: true });
    expect((await people().resident.get(`${round.path}/turnout-roll/mine`)).body.code).toBe('not-on-roll');
    expect((await people().resident.get(`${round.path}/turnout-roll/sample`)).body.code).toBe('not-allowed');
    const sample = (await administrator.get(`${round.path}/turnout-roll/sample`)).body;
    expect(sample.people.map((person: { name: string }) => person.name).sort()).toEqual(['Person 00', 'Person 01', 'Person 02']);
    const seal = JSON.parse(readFileSync(join(placeOf(round), 'seal.json'), 'utf8'));
    expect(sample.seed).toBe(createHash('sha256').update('commonpot.sample.v1\0').update(uuidBytes(round.id)).update(Buffer.from(seal.lot.key, 'hex')).update(Buffer.from(seal.root, 'hex')).digest('hex'));
    expect((await administrator.send('PUT', `${round.path}/turnout-roll/check`, { voted: 2, didNot: 1, notReached: 0 })).status).toBe(200);
    expect((await sealing(round)).check).toEqual({ voted: 2, didNot: 1, notReached: 0 });

    const then = world.clock.now;
    world.clock.forward(28 * 24 * 60);
    await eraseDueRolls(world.app.services, world.clock.now);
    expect((await world.superuser('select count(*)::int as n from turnout_roll where round_id = $1', [round.id])).rows[0].n).toBe(0);
    expect((await world.visitor().post(`${round.path}/enter-code`, { code: codes[0] })).body.code).toBe('voting-closed');
    world.clock.now = then;
  });

  it('draws whom to call by the seed alone', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
    const drawn = drawSample(Buffer.alloc(32, 1), ids, 20);
    expect(drawSample(Buffer.alloc(32, 1), [...ids].reverse(), 20)).toEqual(drawn);
    expect(drawSample(Buffer.alloc(32, 2), ids, 20)).not.toEqual(drawn);
    expect(new Set(drawn).size).toBe(20);
  });
});

/** `pnpm restore-key`, with the rows typed. */
function restoreKey(slug: string, rows: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: world.config.databaseUrl, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'scripts/restore-key.ts'), world.fund.slug, slug, '--json'], { env }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
    child.stdin?.end(`${rows.join('\n')}\n`);
  });
}

describe('the recovery sheet', () => {
  it('says the key in rows that find a wrong letter', () => {
    const key = createHash('sha256').update('a key').digest();
    const rows = sheetRows(key);
    expect(rows).toHaveLength(4);
    expect(readSheet(rows)).toEqual(key);
    expect(readSheet(rows.map((row) => row.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')))).toEqual(key);
    for (const [row, text] of rows.entries()) {
      const other = text[3] === 'Z' ? 'Y' : 'Z';
      expect(readSheet(rows.map((each, index) => (index === row ? text.slice(0, 3) + other + text.slice(4) : each)))).toBe(row + 1);
    }
  });

  it('is shown once, makes every earlier one void, and settles the preflight', async () => {
    const { administrator, resident } = people();
    const { slug } = (await administrator.post(`/funds/${world.fund.slug}/rounds`, { title: 'With a sheet', credentials: ['code'] })).body;
    const path = `/funds/${world.fund.slug}/rounds/${slug}`;
    const settled = async () => (await administrator.get(`${path}/preflight`)).body.items.find((item: { code: string }) => item.code === 'recovery-settled').ok;
    expect(await settled()).toBe(false);
    expect((await resident.post(`${path}/recovery-sheet`)).body.code).toBe('not-allowed');
    const [first, second] = [(await administrator.post(`${path}/recovery-sheet`)).body, (await administrator.post(`${path}/recovery-sheet`)).body];
    expect(await settled()).toBe(true);
    const { id } = (await administrator.get(path)).body;
    const key = await world.app.services.keys.read(id);
    expect(readSheet(second.rows)).toEqual(key);
    expect(readSheet(first.rows)).not.toEqual(key);
    const { rows } = await world.superuser('select recovery_check from round where id = $1', [id]);
    expect(rows[0].recovery_check).toEqual(lotCommitment(roundKeys(key as Buffer, uuidBytes(id)).lot));
    // What an operator does when the machine with the key is lost.
    await world.app.services.keys.destroy(id);
    expect(await restoreKey(slug, first.rows)).toMatchObject({ code: 1, err: expect.stringContaining('another sheet') });
    expect(await restoreKey(slug, second.rows)).toMatchObject({ code: 0, out: expect.stringContaining('"restored":true') });
    expect(await world.app.services.keys.read(id)).toEqual(key);
    const all = (await world.superuser(`select string_agg(t::text, ' ') as text from (select * from event) t`)).rows[0].text as string;
    expect(all).not.toContain((key as Buffer).toString('hex'));
  });
});

describe('the published folder', () => {
  it('is served as it lies there: no script, nothing outside it', async () => {
    const round = await openVoting(world, { codes: 1 });
    await cast(await phoneWith(world, round, round.codes[0] as string), round, draw('1'));
    const at = `/f/${world.fund.slug}/rounds/${round.path.split('/').at(-1)}/published`;
    const get = (path: string) => world.app.inject({ method: 'GET', url: path });
    expect((await get(`${at}/rule.json`)).statusCode).toBe(404);
    await close(round);
    await countAndSeal(world);
    for (const name of ['rule.json', 'seal.json', 'leaves.txt', 'heads.txt', 'codes/all.html', 'index.html']) {
      const answer = await get(`${at}/${name}`);
      expect([name, answer.statusCode, answer.rawPayload.equals(readFileSync(join(placeOf(round), name)))]).toEqual([name, 200, true]);
    }
    const index = await get(`${at}/`);
    expect([index.statusCode, index.headers['content-type'], index.headers['content-security-policy']]).toEqual([200, 'text/html; charset=utf-8', expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'$/)]);
    // Files that are there, and that nobody published.
    const place = placeOf(round);
    mkdirSync(join(place, 'codes/deep'));
    for (const file of ['.hidden.json', 'codes/deep/x.json', '../../secret.json']) writeFileSync(join(place, file), '{}');
    for (const path of ['.hidden.json', 'codes/deep/x.json', '..%2f..%2fsecret.json', '../../secret.json', 'codes/..%2f../../secret.json']) expect([path, (await get(`${at}/${path}`)).statusCode]).toEqual([path, 404]);
    for (const path of ['..%2f..%2fkeys%2flog.key', '../../../keys/log.key', '.hidden', 'codes/../../x.json', `${'a/'.repeat(3)}b.html`, 'codes%00.html', 'nothing.json']) expect([path, (await get(`${at}/${path}`)).statusCode]).toEqual([path, 404]);
  });
});
