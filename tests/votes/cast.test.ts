/** Casting through the API: one elector, one ballot, replaced only by naming what is replaced, and no trace beside it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBox, readBallotBytes, readRecord, roundKeys, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { makeWorld, type Answer, type Visitor, type World } from '../lib/world.ts';
import { cast, draw, leafFor, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
let round: VotingRound;
let nextCode = 0;
const phone = async (): Promise<Visitor> => phoneWith(world, round, round.codes[nextCode++] as string);
const ballotsIn = async (of: VotingRound): Promise<number> => (await world.superuser('select count(*)::int as n from ballot_open where round_id = $1', [of.id])).rows[0].n;

beforeAll(async () => {
  world = await makeWorld();
  round = await openVoting(world, { codes: 60 });
});
afterAll(() => world.close());

/** Every ballot of a round as text, opened with the round's key; for tests only. */
async function openAll(of: VotingRound): Promise<string[][]> {
  const key = await world.app.services.keys.read(of.id);
  if (!key) throw new Error('no key');
  const keys = roundKeys(key, uuidBytes(of.id));
  const { rows } = await world.superuser('select slot, box from ballot_open where round_id = $1', [of.id]);
  return rows.map(({ slot, box }) => readBallotBytes(readRecord(openBox(keys, uuidBytes(of.id), slot, box)).ballot).lines.map((line) => line.project));
}

describe('a cast', () => {
  it('answers with the leaf that the phone computed, and again with the same', async () => {
    const voter = await phone();
    expect((await voter.get(`${round.path}/ballot`)).body).toMatchObject({ current: null, votedOnPaper: false, round: round.id.replaceAll('-', '') });
    const drawn = draw('1', '3');
    const first = await cast(voter, round, drawn);
    expect(first).toMatchObject({ status: 200, body: { leaf: leafFor(round, drawn) } });
    expect(first.body.code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect((await cast(voter, round, drawn)).body).toEqual(first.body);
    expect((await voter.get(`${round.path}/ballot`)).body.current).toBe(first.body.current);
  });

  it('is one ballot however the lines are ordered', async () => {
    const voter = await phone();
    const drawn = draw('3', '1');
    const { body } = await cast(voter, round, drawn);
    expect(body.leaf).toBe(leafFor(round, { ...drawn, lines: [{ project: '1' }, { project: '3' }] }));
  });

  it('may be empty', async () => {
    expect((await cast(await phone(), round, draw())).status).toBe(200);
  });

  it('that breaks the round’s rule says which', async () => {
    const voter = await phone();
    for (const [lines, reason] of [[['1', '2', '3', '4'], 'over-budget'], [['9'], 'unknown-project'], [['1', '1'], 'project-twice']] as const) {
      expect((await cast(voter, round, draw(...lines))).body).toMatchObject({ status: 422, code: 'illegal-ballot', reason });
    }
  });

  it('needs somebody who is on the roll of this round', async () => {
    const { resident, administrator } = world.fund.people;
    expect((await cast(world.visitor(), round, draw('1'))).body.code).toBe('signed-out');
    expect((await cast(resident, round, draw('1'))).body.code).toBe('not-on-roll');
    expect((await cast(administrator, round, draw('1'))).body.code).toBe('not-on-roll');
    expect((await cast(world.otherFund.people.resident, round, draw('1'))).body.code).toBe('not-on-roll');
    const elsewhere = await openVoting(world, { codes: 1 });
    const stranger = await phoneWith(world, elsewhere, elsewhere.codes[0] as string);
    expect((await cast(stranger, round, draw('1'))).body.code).toBe('not-on-roll');
  });

  it('of the wrong shape is refused', async () => {
    const voter = await phone();
    const drawn = draw('1');
    for (const broken of [{ ...drawn, salt: 'short' }, { ...drawn, void: drawn.void.toUpperCase() }, { ...drawn, lines: [{}] as never }]) {
      expect((await cast(voter, round, broken)).body.code).toBe('wrong-shape');
    }
    expect((await cast(voter, round, drawn, 'not a handle')).body.code).toBe('wrong-shape');
  });

  it('whose leaf lies under another slot already is refused, and nobody else’s suffers', async () => {
    const [one, two, three] = [await phone(), await phone(), await phone()];
    const drawn = draw('2');
    expect((await cast(one, round, drawn)).status).toBe(200);
    const [same, other] = await Promise.all([cast(two, round, drawn), cast(three, round, draw('2'))]);
    expect([same.body.code, other.status]).toEqual(['illegal-ballot', 200]);
  });
});

describe('a second ballot', () => {
  it('is refused unless it names the one that is in', async () => {
    const voter = await phone();
    const first = await cast(voter, round, draw('1'));
    expect((await cast(voter, round, draw('2'))).body.code).toBe('already-voted');
    expect((await cast(voter, round, draw('2'), 'a'.repeat(64))).body.code).toBe('ballot-replaced');
    const second = await cast(voter, round, draw('2'), first.body.current);
    expect(second.status).toBe(200);
    expect((await voter.get(`${round.path}/ballot`)).body.current).toBe(second.body.current);
  });

  it('keeps the old one apart, with its void key where the phone had it', async () => {
    const voter = await phone();
    const drawn = [draw('1'), draw('2'), draw('3'), draw('1')] as const;
    const handles: string[] = [];
    const keysSent = [null, drawn[0].voidKey, null, 'f'.repeat(64)];
    for (const [index, each] of drawn.entries()) handles.push((await cast(voter, round, each, handles.at(-1) ?? null, keysSent[index] ?? null)).body.current);
    const key = roundKeys((await world.app.services.keys.read(round.id)) as Buffer, uuidBytes(round.id));
    const { rows } = await world.superuser('select mark, box from replaced_open where mark = any ($1)', [handles.map((handle) => Buffer.from(handle, 'hex'))]);
    const kept = new Map(rows.map(({ mark, box }) => [mark.toString('hex'), readRecord(openBox(key, uuidBytes(round.id), mark, box))]));
    expect(handles.map((handle) => kept.get(handle)?.why)).toEqual(['none', 'no-key', 'other-key', undefined]);
    expect(kept.get(handles[0] as string)?.voidKey.toString('hex')).toBe(drawn[0].voidKey);
  });

  it('is not undone by a late retry of the first', async () => {
    const voter = await phone();
    const [first, second] = [draw('1'), draw('2')];
    const { body } = await cast(voter, round, first);
    await cast(voter, round, second, body.current);
    expect((await cast(voter, round, first)).body.code).toBe('ballot-replaced');
    expect((await cast(voter, round, first, body.current)).body.code).toBe('ballot-replaced');
  });

  it('is not undone by a first try that was never seen and arrives late', async () => {
    const voter = await phone();
    const before = (await cast(voter, round, draw('1'))).body.current;
    const [delayed, newer] = [draw('2'), draw('3')];
    const kept = (await cast(voter, round, newer, before)).body.current;
    expect((await cast(voter, round, delayed, before)).body.code).toBe('ballot-replaced');
    expect((await voter.get(`${round.path}/ballot`)).body.current).toBe(kept);
  });

  it('does not come in after paper', async () => {
    const voter = await phone();
    const { body } = await cast(voter, round, draw('1'));
    await world.superuser('update ballot_open set struck = true where mark = $1', [Buffer.from(body.current, 'hex')]);
    expect((await cast(voter, round, draw('2'), body.current)).body.code).toBe('voted-on-paper');
    expect((await voter.get(`${round.path}/ballot`)).body).toMatchObject({ current: null, votedOnPaper: true });
  });
});

describe('many at once', () => {
  it('for one elector leave one ballot, and it is the one that was acknowledged', async () => {
    const code = round.codes[nextCode++] as string;
    const phones = await Promise.all(Array.from({ length: 8 }, () => phoneWith(world, round, code)));
    const before = await ballotsIn(round);
    const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => cast(phones[index % 8] as Visitor, round, draw(String((index % 3) + 1)))));
    expect(await ballotsIn(round)).toBe(before + 1);
    const acknowledged = answers.filter((answer) => answer.status === 200);
    expect(acknowledged).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.code === 'already-voted')).toHaveLength(399);
    expect((await phones[0]?.get(`${round.path}/ballot`))?.body.current).toBe(acknowledged[0]?.body.current);
  });

  it('replacing the same ballot leave one newer', async () => {
    const code = round.codes[nextCode++] as string;
    const voter = await phoneWith(world, round, code);
    const { body } = await cast(voter, round, draw('1'));
    const answers = await Promise.all(Array.from({ length: 100 }, () => cast(voter, round, draw('2'), body.current)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.code === 'ballot-replaced')).toHaveLength(99);
  });

  it('at the close are either acknowledged and in, or refused and not in', async () => {
    const closing = await openVoting(world, { codes: 200 });
    const phones = await Promise.all(closing.codes.map((code) => phoneWith(world, closing, code)));
    const { administrator } = world.fund.people;
    const answers: (Answer & { begunAfterClose: boolean })[] = [];
    let close: Promise<Answer> | undefined;
    let closed = false;
    let next = 0;
    const voting = Array.from({ length: 16 }, async () => {
      for (let index = next++; index < phones.length; index = next++) {
        const begunAfterClose = closed;
        answers.push({ ...(await cast(phones[index] as Visitor, closing, draw('1'))), begunAfterClose });
        if (answers.length === 60) close = administrator.post(`${closing.path}/transitions`, { to: 'counting', reason: 'test' }).finally(() => (closed = true));
      }
    });
    await Promise.all(voting);
    expect((await close)?.status).toBe(200);
    const acknowledged = answers.filter((answer) => answer.status === 200);
    const late = await Promise.all(phones.slice(0, 20).map((voter) => cast(voter, closing, draw('2'))));
    expect(late.every((answer) => ['voting-closed'].includes(answer.body.code))).toBe(true);
    expect(answers.filter((answer) => answer.begunAfterClose && answer.status === 200)).toEqual([]);
    expect(await ballotsIn(closing)).toBe(acknowledged.length);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(acknowledged.length).toBeLessThan(200);
  });
});

describe('the deadline', () => {
  it('ends casting by the clock, though no job has moved the round; a ballot that is in gets its receipt again', async () => {
    const timed = await openVoting(world, { codes: 2 });
    const [one, two] = [await phoneWith(world, timed, timed.codes[0] as string), await phoneWith(world, timed, timed.codes[1] as string)];
    const drawn = draw('1');
    const receipt = await cast(one, timed, drawn);
    const then = world.clock.now;
    world.clock.forward(8 * 24 * 60);
    const [again, late] = [await sessionless(one, () => cast(one, timed, drawn)), await sessionless(two, () => cast(two, timed, draw('2')))];
    world.clock.now = then;
    expect(again.body).toEqual(receipt.body);
    expect(late.body.code).toBe('voting-closed');
  });

  /** A code's session ends after two hours; the clock is set back for the guard only by making it last. */
  async function sessionless<T>(_phone: Visitor, work: () => Promise<T>): Promise<T> {
    await world.superuser(`update session set expires_at = expires_at + interval '30 days' where elector_id is not null`);
    return work();
  }
});

describe('beside a ballot', () => {
  it('nothing is written: no session, event, job, message or stored answer, and no line in the log', async () => {
    const tables = ['session', 'event', 'idempotent_answer', 'demonstration_message', 'pgboss.job', 'sign_in_challenge', 'elector', 'elector_code', 'elector_account'];
    const counts = async () => Promise.all(tables.map(async (table) => [table, (await world.superuser(`select count(*)::int as n, coalesce(sum(hashtext(t::text)::bigint), 0)::text as digest from ${table} t`)).rows[0]]));
    const voter = await phone();
    const before = await counts();
    const { body } = await cast(voter, round, draw('1'));
    await cast(voter, round, draw('2'), body.current);
    await voter.get(`${round.path}/ballot`);
    expect(await counts()).toEqual(before);
  });

  it('not even the session of a printed code tells the minute', async () => {
    const before = world.clock.now;
    world.clock.forward(17);
    await phone();
    world.clock.now = before;
    const { rows } = await world.superuser('select distinct extract(minute from created_at)::int + extract(minute from expires_at)::int + extract(second from expires_at)::int as n from session where elector_id is not null');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('nothing orders, times or measures it', async () => {
    const { rows: columns } = await world.superuser(`select table_name as name, column_name as column, data_type as type from information_schema.columns where table_name in ('ballot_open', 'replaced_open') order by 1, 2`);
    expect(columns.map(({ name, column, type }) => `${name}.${column} ${type}`)).toEqual([
      'ballot_open.box bytea', 'ballot_open.fund_id uuid', 'ballot_open.mark bytea', 'ballot_open.round_id uuid', 'ballot_open.slot bytea', 'ballot_open.struck boolean',
      'replaced_open.box bytea', 'replaced_open.fund_id uuid', 'replaced_open.mark bytea', 'replaced_open.round_id uuid',
    ]);
    const { rows } = await world.superuser('select distinct length(box) as n from (select box from ballot_open where round_id = $1 union all select box from replaced_open where round_id = $1) b', [round.id]);
    expect(rows).toHaveLength(1);
  });

  it('no choice is readable in the database without the key', async () => {
    const voter = await phone();
    const drawn = draw('1', '2');
    await cast(voter, round, drawn);
    const { rows } = await world.superuser(`select encode(box, 'hex') as box from ballot_open where round_id = $1`, [round.id]);
    const text = rows.map((row) => row.box).join('');
    expect(text).not.toContain(drawn.salt);
    expect(text).not.toContain(Buffer.from('1\n\n1\n2\n').toString('hex'));
    expect(await openAll(round)).toContainEqual(['1', '2']);
  });

  it('the application may neither delete a ballot nor reach a partition of its own', async () => {
    const partition = `ballot_open_${round.id.replaceAll('-', '')}`;
    for (const statement of ['delete from ballot_open', 'truncate ballot_open', `select * from ${partition}`, `update ballot_open set slot = mark`]) {
      await expect(world.app.services.db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } });
    }
  });
});
