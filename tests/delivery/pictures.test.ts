/** Pictures of ideas, through the API: what is taken, what is refused, what is left of a file, who sees it. */
import { request } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareDue } from '@commonpot/server/platform/pictures/jobs';
import { BYTES_MAX, findFault, readHeader } from '@commonpot/server/platform/pictures/rules';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { gather, moveTo, neighbour, send, type Gathering } from '../proposals/gathering.ts';
import { must } from '../rounds/set-up.ts';
import { photo, SECRET, sendForm } from './photo.ts';

let world: World;
let round: Gathering;
let amina: Visitor;
let idea: string;
const words = 'The place by the bakery';
beforeAll(async () => {
  world = await makeWorld();
  round = await gather(world);
  amina = await neighbour(world);
  idea = `${round.path}/ideas/${await send(amina, round, 'Benches on Kiln Street')}`;
});
afterAll(() => world.close());

const add = (picture: Buffer, from = amina, at = idea) => sendForm(from, `${at}/pictures`, { picture, words });
const seen = async (by: Visitor, at = idea): Promise<any[]> => (await must(by.get(`${at}/pictures`))).pictures;
const prepare = () => prepareDue(world.app.services, world.clock.now);
const bytesLeft = async (): Promise<number> => (await world.superuser('select count(*)::int as n from picture_original')).rows[0].n;
const file = (name: string, fund = world.fund.slug) => world.app.inject({ url: `/api/v1/funds/${fund}/pictures/${name}` });
/** Another idea of somebody new. */
async function another(title: string): Promise<{ by: Visitor; at: string }> {
  const by = await neighbour(world);
  return { by, at: `${round.path}/ideas/${await send(by, round, title)}` };
}

describe('a picture', () => {
  it('is re-encoded upright, without what the phone hid in it, and its original is gone', async () => {
    const original = await photo();
    expect(original.includes(SECRET)).toBe(true);
    expect((await sharp(original).metadata()).orientation).toBe(6);
    const { id } = await must(add(original));
    expect(await seen(world.visitor())).toEqual([{ id, state: 'waiting', words, files: [], hiddenReason: null, shownReason: null }]);
    expect((await file(`${id}/480.webp`)).statusCode).toBe(404);
    // The same file again, and once more at the same time, is the same picture.
    expect(await Promise.all([add(original), add(original)].map(async (each) => (await must(each)).id))).toEqual([id, id]);
    // Two workers at once do it once.
    await Promise.all([prepare(), prepare()]);
    const [shown] = await seen(world.visitor());
    expect(shown).toMatchObject({ id, state: 'ready', files: [{ size: 480, width: 288, height: 480 }, { size: 960, width: 576, height: 960 }, { size: 1600, width: 960, height: 1600 }] });
    expect(await bytesLeft()).toBe(0);
    const { rows } = await world.superuser('select format, size, bytes from picture_file where picture_id = $1', [id]);
    expect(rows).toHaveLength(6);
    for (const { format, size, bytes } of rows) {
      const served = await file(`${id}/${size}.${format}`);
      expect(served.headers).toMatchObject({ 'content-type': `image/${format}`, 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' });
      expect(served.rawPayload.equals(bytes)).toBe(true);
      for (const secret of [SECRET, 'xmpmeta', 'Exif\0\0']) expect(bytes.includes(secret)).toBe(false);
      const { exif, xmp, iptc, icc } = await sharp(bytes).metadata();
      expect({ exif, xmp, iptc, icc }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, icc: undefined });
    }
    for (const name of [`${id}/481.webp`, `${id}/480.jpeg`, `${id}/480.webp.x`, `${crypto.randomUUID()}/480.webp`]) expect((await file(name)).statusCode).toBe(404);
    expect((await file(`${id}/480.webp`, world.otherFund.slug)).statusCode).toBe(404);
  });

  it('is what its bytes say, within its limits, or is refused with a reason', async () => {
    const { by, at } = await another('Everything else');
    const refused = async (bytes: Buffer, code: string) => expect((await add(bytes, by, at)).body.code).toBe(code);
    const jpeg = await photo(100, 100);
    const png = (width: number, height: number) => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from([width, height].map((n) => n.toString(16).padStart(8, '0')).join(''), 'hex'), Buffer.from('0802000000', 'hex')]);
    await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'picture-wrong-kind');
    await refused(Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'picture-wrong-kind');
    await refused(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'), 'picture-wrong-kind');
    await refused(Buffer.from('%PDF-1.7\n'), 'picture-wrong-kind');
    await refused(jpeg.subarray(0, 200), 'picture-unreadable');
    await refused(png(6404, 6403), 'picture-too-many-pixels');
    await refused(png(0xffffffff, 0xffffffff), 'picture-too-many-pixels');
    await refused(Buffer.concat([jpeg, Buffer.alloc(BYTES_MAX + 1 - jpeg.length)]), 'picture-too-large');
    expect((await sendForm(by, `${at}/pictures`, { picture: jpeg })).body.code).toBe('picture-words-missing');
    expect((await sendForm(by, `${at}/pictures`, { words })).body.code).toBe('picture-missing');
    expect((await sendForm(by, `${at}/pictures`, { picture: jpeg, words: 'x'.repeat(301) })).body).toMatchObject({ code: 'wrong-shape', fields: ['words'] });
    expect((await by.send('POST', `${at}/pictures`, Buffer.from('no form'), { 'content-type': 'multipart/form-data; boundary=x' })).body.code).toBe('wrong-shape');
    expect((await by.post(`${at}/pictures`, { words: 'x'.repeat(70_000) })).body.code).toBe('too-large');
    expect(await seen(by, at)).toEqual([]);

    // These look right and are not: a bomb of a picture, one that breaks off, one with a script behind its first bytes.
    const noise = await sharp({ create: { width: 400, height: 400, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 90, sigma: 40 } } }).png().toBuffer();
    const bomb = Buffer.concat([png(6000, 6000), Buffer.alloc(40)]);
    const broken = (await photo(800, 800)).subarray(0, 20_000);
    const polyglot = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0]), Buffer.from('<script>alert(1)</script>')]);
    for (const bytes of [bomb, broken, polyglot, noise, await sharp(noise).webp({ lossless: true }).toBuffer()]) await must(add(bytes, by, at));
    await prepare();
    expect((await seen(by, at)).map((each) => each.state)).toEqual(['refused', 'refused', 'refused', 'ready', 'ready']);
    expect((await seen(world.visitor(), at)).map((each) => each.state)).toEqual(['ready', 'ready']);
    expect(await bytesLeft()).toBe(0);
    expect((await add(jpeg, by, at)).body).toMatchObject({ code: 'pictures-full', most: 5 });
  });

  it('is tried three times where the process fails, and then given up with its original', async () => {
    const { by, at } = await another('A stubborn one');
    await must(add(await photo(60, 60, 60), by, at));
    const fails = () => Promise.reject(new Error('killed'));
    for (const left of [1, 1, 0]) {
      await expect(prepareDue(world.app.services, world.clock.now, fails)).rejects.toThrow('could not be re-encoded');
      // Not at once again: the next minute.
      await prepareDue(world.app.services, world.clock.now, fails);
      expect(await bytesLeft()).toBe(left);
      world.clock.forward(1);
    }
    expect((await seen(by, at))[0].state).toBe('refused');
    // A process that ended in the middle leaves it taken, and somebody else takes it up later.
    const other = await another('A crash');
    await must(add(await photo(60, 60, 61), other.by, other.at));
    const crash = () => new Promise<never>(() => {});
    void prepareDue(world.app.services, world.clock.now, crash);
    await expect.poll(async () => (await world.superuser('select tries from picture where state = \'waiting\'')).rows).toEqual([{ tries: 1 }]);
    await prepare();
    expect((await seen(other.by, other.at))[0].state).toBe('waiting');
    world.clock.forward(4);
    await prepare();
    expect((await seen(other.by, other.at))[0].state).toBe('ready');
  });

  it('is added and removed by its proposer alone, while ideas are gathered, and is gone then', async () => {
    const { by, at } = await another('Mine');
    const small = await photo(50, 50, 70);
    const { fund, visitor } = world;
    for (const [who, code] of [[visitor(), 'signed-out'], [amina, 'not-allowed'], [fund.people.administrator, 'not-allowed']] as const) {
      expect((await add(small, who, at)).body.code).toBe(code);
      // Before a byte of the picture is read: what is no form at all is not even looked at.
      expect((await who.send('POST', `${at}/pictures`, Buffer.alloc(9_000_000), { 'content-type': 'multipart/form-data; boundary=x' })).body.code).toBe(code);
    }
    const { id } = await must(add(small, by, at));
    await prepare();
    expect((await amina.send('DELETE', `${at}/pictures/${id}`)).body.code).toBe('not-allowed');
    expect((await by.send('DELETE', `${idea}/pictures/${id}`)).body.code).toBe('not-allowed');
    await must(by.send('DELETE', `${at}/pictures/${id}`));
    expect((await by.send('DELETE', `${at}/pictures/${id}`)).status).toBe(404);
    expect((await file(`${id}/480.webp`)).statusCode).toBe(404);
    const again = await must(add(small, by, at));
    expect(again.id).not.toBe(id);
    // Removed while it waits: neither the original stays nor a file comes.
    await must(by.post(`${at}/withdraw`));
    await prepare();
    expect((await world.superuser('select count(*)::int as n from picture_file where picture_id = any($1)', [[id, again.id]])).rows[0].n + (await bytesLeft())).toBe(0);
    const events = await world.superuser(`select name from event where name ~ 'picture' and subject ->> 'picture' = $1 order by id`, [id]);
    expect(events.rows.map((row) => row.name)).toEqual(['proposal.picture-added', 'picture.prepared', 'proposal.picture-removed']);
  });

  it('leads a page without script back with what happened', async () => {
    const { by, at } = await another('From a page');
    const page = `http://localhost:3000/f/${world.fund.slug}/rounds/${round.slug}/ideas/1/change?done=1`;
    const browser = { accept: 'text/html', referer: page };
    const sent = await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, ...(await payloadOf(by, { picture: await photo(40, 40, 80), words }, browser)) });
    expect([sent.statusCode, sent.headers.location, sent.payload]).toEqual([303, `${new URL(page).pathname}?done=1`, '']);
    const wrong = await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, ...(await payloadOf(by, { picture: Buffer.from('hello'), words: 'A & B' }, browser)) });
    expect([wrong.statusCode, wrong.headers.location]).toEqual([303, `${new URL(page).pathname}?problem=picture-wrong-kind&words=A+%26+B`]);
    const large = await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, ...(await payloadOf(by, { picture: Buffer.alloc(2 * BYTES_MAX), words }, browser)) });
    expect(large.headers.location).toBe(`${new URL(page).pathname}?problem=picture-too-large`);
    // Only to a page of ours.
    const elsewhere = await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, ...(await payloadOf(by, { picture: Buffer.from('hello'), words }, { ...browser, referer: 'https://elsewhere.example/x' })) });
    expect(elsewhere.statusCode).toBe(422);
    const slashes = await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, ...(await payloadOf(by, { picture: Buffer.from('hello'), words }, { ...browser, referer: 'http://localhost:3000//elsewhere.example/x' })) });
    expect(slashes.headers.location).toMatch(/^\/elsewhere\.example\/x\?/);
  });

  it('of one person fills no memory: four at once are read, and a cut line makes room', async () => {
    const { by, at } = await another('Many at once');
    const origin = await world.app.listen({ port: 0 });
    const { payload, headers } = await payloadOf(by, { picture: Buffer.alloc(500_000), words }, {});
    const begin = () => {
      const sent = request(`${origin}/api/v1${at}/pictures`, { method: 'POST', headers: { ...headers, 'content-length': payload.length } }).on('error', () => {});
      sent.write(payload.subarray(0, 1000));
      return sent;
    };
    const held = [begin(), begin(), begin(), begin()];
    const code = async () => (await world.app.inject({ method: 'POST', url: `/api/v1${at}/pictures`, payload, headers })).json().code;
    await expect.poll(code, { timeout: 10_000 }).toBe('busy');
    for (const each of held) each.destroy();
    await expect.poll(code, { timeout: 10_000 }).toBe('picture-wrong-kind');
  });

  it('is hidden by an administrator with a reason that everybody reads; its idea takes no more once the review begins', async () => {
    const [shown] = await seen(world.visitor());
    const { administrator, resident } = world.fund.people;
    const hide = (by: Visitor, fund = world.fund.slug) => by.post(`/funds/${fund}/pictures/${shown.id}/hide`, { reason: 'A child can be recognised.' });
    expect((await hide(resident)).body.code).toBe('not-allowed');
    expect((await hide(world.otherFund.people.administrator, world.otherFund.slug)).status).toBe(404);
    const both = await Promise.all([hide(administrator), hide(administrator)]);
    expect(both.map((each) => each.body.code ?? 'done').sort()).toEqual(['already-decided', 'done']);
    expect(await seen(world.visitor())).toEqual([{ id: shown.id, state: 'hidden', words: '', files: [], hiddenReason: 'A child can be recognised.', shownReason: null }]);
    expect((await file(`${shown.id}/480.avif`)).statusCode).toBe(404);
    // Shown again, for a reason as public as the first; and hidden again after that.
    const show = (by: Visitor) => by.post(`/funds/${world.fund.slug}/pictures/${shown.id}/show`, { reason: 'Their parents agree.' });
    expect((await show(resident)).body.code).toBe('not-allowed');
    expect((await Promise.all([show(administrator), show(administrator)])).map((each) => each.body.code ?? 'done').sort()).toEqual(['already-decided', 'done']);
    expect(await seen(world.visitor())).toMatchObject([{ state: 'ready', words: shown.words, hiddenReason: 'A child can be recognised.', shownReason: 'Their parents agree.' }]);
    expect((await file(`${shown.id}/480.avif`)).statusCode).toBe(200);
    await expect(world.superuser(`update picture set hidden_reason = 'other' where id = '${shown.id}'`)).rejects.toThrow('does not change that way');
    await must(hide(administrator));
    expect(await seen(world.visitor())).toMatchObject([{ state: 'hidden', words: '', shownReason: null }]);
    expect((await file(`${shown.id}/480.avif`)).statusCode).toBe(404);
    await moveTo(world, round, 'review');
    expect((await add(await photo(30, 30, 90))).body).toMatchObject({ code: 'wrong-phase', phase: 'review' });
    expect((await amina.send('DELETE', `${idea}/pictures/${shown.id}`)).body.code).toBe('wrong-phase');
  });

  it('cannot be kept wrongly by the database either', async () => {
    const as = (statement: string) => world.superuser(`set session authorization commonpot; set commonpot.fund = '${world.fund.id}'; set role commonpot_app; begin; ${statement}; commit`);
    const [ready] = (await world.superuser(`select id from picture where state = 'ready' and removed_at is null limit 1`)).rows;
    await expect(as(`insert into picture_original (fund_id, picture_id, bytes) values ('${world.fund.id}', '${ready.id}', 'x')`)).rejects.toThrow('kept beyond its time');
    await expect(as(`update picture set state = 'refused' where id = '${ready.id}'`)).rejects.toThrow('does not change that way');
    await expect(as(`update picture set removed_at = '2026-11-21' where id = '${ready.id}'`)).rejects.toThrow('files without a picture');
    await expect(as(`update picture set words = 'other' where id = '${ready.id}'`)).rejects.toThrow('permission denied');
    await expect(as(`delete from picture where id = '${ready.id}'`)).rejects.toThrow('permission denied');
  });
});

async function payloadOf(by: Visitor, parts: Record<string, string | Buffer>, headers: Record<string, string>) {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, typeof value === 'string' ? value : new Blob([new Uint8Array(value)]), ...(typeof value === 'string' ? [] : ['photo.jpg']) as []);
  const response = new Response(data);
  return {
    payload: Buffer.from(await response.arrayBuffer()),
    headers: { 'sec-fetch-site': 'same-origin', cookie: [...by.cookies].map(([name, value]) => `${name}=${value}`).join('; '), 'content-type': response.headers.get('content-type') ?? '', ...headers },
  };
}

describe('a file’s own bytes', () => {
  it('say what it is, and measures of every form of these three are read', async () => {
    const base = sharp({ create: { width: 123, height: 45, channels: 4, background: 'red' } });
    const made = { jpeg: [base.clone().jpeg(), base.clone().jpeg({ progressive: true })], png: [base.clone().png()], webp: [base.clone().webp(), base.clone().webp({ lossless: true }), base.clone().removeAlpha().webp()] };
    for (const [kind, files] of Object.entries(made)) for (const each of files) expect(readHeader(await each.toBuffer())).toEqual({ kind, width: 123, height: 45 });
    const whole = await photo(64, 64);
    // However early it ends, a file is told apart and never throws.
    for (let length = 0; length < 400; length += 1) expect(['picture-wrong-kind', 'picture-unreadable', null]).toContain(findFault(whole.subarray(0, length)));
  });
});
