/** The public log: a pool that is no clock, signed heads that anyone can check, receipts, and mirrors that keep copies. */
import { createHash, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { markOf, roundKeys, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { logDueBatches } from '@commonpot/server/votes/log/jobs';
import { sendDueHeads } from '@commonpot/server/votes/log/mirror-writes';
import { isPublicAddress, sendHead } from '@commonpot/server/votes/log/mirrors';
import { drawBatch } from '@commonpot/server/votes/log/pool';
import { openLogKey } from '@commonpot/server/votes/log/signer';
import { readStatement } from '@commonpot/server/votes/log/statement-writes';
import { appendBatch } from '@commonpot/server/votes/log/writes';
import { receiptBytes } from '@commonpot/server/votes/published/bytes';
import { openNote, publicKeyFrom, readCheckpoint } from '@commonpot/server/votes/published/note';
import { makeWorld, type World } from '../lib/world.ts';
import { cast, draw, fillBox, leafFor, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const leavesOf = async (round: VotingRound): Promise<Buffer[]> => (await world.superuser('select leaf from log_leaf where round_id = $1 order by index', [round.id])).rows.map((row) => row.leaf);
const headsOf = async (round: VotingRound): Promise<{ size: number; note: string; is_last: boolean }[]> => (await world.superuser('select size, note, is_last from log_head where round_id = $1 order by size', [round.id])).rows;
const publicKey = async (round: VotingRound): Promise<Buffer> => Buffer.from((await world.visitor().get(`${round.path}/statement`)).body.log.publicKey, 'hex');
const batch = () => logDueBatches(world.app.services, world.clock.now);

async function append(round: VotingRound, isClosed: boolean): Promise<number> {
  const { services } = world.app;
  const keys = roundKeys((await services.keys.read(round.id)) as Buffer, uuidBytes(round.id));
  return within(services.db, { fund: world.fund.id }, async (tx) => {
    const [signer, statement] = [await openLogKey(services.keys), await readStatement(tx, world.fund.id, round.id)];
    if (!signer || !statement) throw new Error('nothing to sign with');
    return appendBatch(tx, { fundId: world.fund.id, roundId: round.id, keys, signer, network: services.config.beacon.network, statement, isClosed, now: world.clock.now });
  });
}

/** The root by the definition of RFC 9162, section 2.1.1, written out once more. */
function slowRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return createHash('sha256').update(Buffer.from([1])).update(slowRoot(leaves.slice(0, half))).update(slowRoot(leaves.slice(half))).digest();
}

describe('the pool', () => {
  const marks = (count: number) => Array.from({ length: count }, () => randomBytes(32));

  it('lets nothing out below two crowds, keeps one crowd back, and empties at the close', () => {
    const [standing, replaced] = [marks(199), marks(7)];
    expect(drawBatch(standing, replaced, false)).toEqual([]);
    expect(drawBatch(standing, replaced, true)).toHaveLength(206);
    for (const count of [200, 201, 350]) {
      const all = marks(count);
      const out = drawBatch(all, replaced, false);
      expect(out).toHaveLength(count - 100 + 7);
      expect(new Set(out.map(String)).size).toBe(out.length);
      expect(replaced.every((mark) => out.includes(mark))).toBe(true);
    }
  });

  it('lets each out with the same chance, wherever it stands', () => {
    const all = marks(200);
    const times = new Map<Buffer, number>();
    for (let run = 0; run < 2000; run += 1) for (const mark of drawBatch(all, [], false)) times.set(mark, (times.get(mark) ?? 0) + 1);
    // 2000 fair coins: 1000 ± 22; six deviations would be one in a thousand million.
    for (const mark of all) expect(Math.abs((times.get(mark) ?? 0) - 1000)).toBeLessThan(140);
  });
});

describe('the log of a round', () => {
  it('grows in sorted batches of at least a hundred, is closed by the close, and each head is its tree', async () => {
    const round = await openVoting(world, { codes: 1 });
    const voter = await phoneWith(world, round, round.codes[0] as string);
    const first = draw('1');
    const { body } = await cast(voter, round, first);
    await cast(voter, round, draw('2'), body.current, first.voidKey);
    await fillBox(world, round, 198);
    await batch();
    expect(await leavesOf(round)).toEqual([]);
    await fillBox(world, round, 41);
    await Promise.all([batch(), batch(), batch()]);
    // 240 stand: 140 of them go in, and the replaced one with them; the two runs that waited find a pool of one crowd.
    const early = await leavesOf(round);
    expect(early).toHaveLength(141);
    expect(early.map(String)).toContain(String(Buffer.from(body.leaf, 'hex')));
    await batch();
    expect(await leavesOf(round)).toHaveLength(141);

    await world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' });
    expect(await append(round, true)).toBe(100);
    expect(await append(round, true)).toBe(0);
    const all = await leavesOf(round);
    const heads = await headsOf(round);
    expect(heads.map(({ size, is_last }) => [size, is_last])).toEqual([[141, false], [241, true]]);
    let from = 0;
    for (const { size, note } of heads) {
      const ofBatch = all.slice(from, size);
      expect(ofBatch).toEqual([...ofBatch].sort(Buffer.compare));
      const key = { name: `localhost:3000/rounds/${round.id}`, publicKey: await publicKey(round) };
      expect(readCheckpoint(openNote(note, key) ?? '')).toEqual({ origin: key.name, size, root: slowRoot(all.slice(0, size)) });
      from = size;
    }
    await expect(world.superuser(`insert into log_leaf select fund_id, round_id, 999, decode(repeat('ab', 32), 'hex') from log_leaf where round_id = $1 limit 1`, [round.id])).rejects.toThrow('has its last head');
    await expect(world.app.services.db.execute('delete from log_leaf')).rejects.toMatchObject({ cause: { code: '42501' } });
    expect((await world.visitor().get(`${round.path}/log/head`)).body).toMatchObject({ size: 241, isLast: true, note: heads[1]?.note });
  });

  it('of a small round is one batch, at the close', async () => {
    const round = await openVoting(world, { codes: 1 });
    await fillBox(world, round, 12);
    await batch();
    expect((await world.visitor().get(`${round.path}/log/head`)).status).toBe(404);
    await world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' });
    await append(round, true);
    expect((await headsOf(round)).map(({ size }) => size)).toEqual([12]);
  });

  it('leaves no trace of itself on the ballots’ rows', async () => {
    const round = await openVoting(world, { codes: 1 });
    await fillBox(world, round, 220);
    const rows = async () => (await world.superuser(`select md5(string_agg(t::text || xmin::text || ctid::text, ',' order by slot)) as all from ballot_open t where round_id = $1`, [round.id])).rows[0].all;
    const before = await rows();
    await batch();
    expect(await leavesOf(round)).toHaveLength(120);
    expect(await rows()).toBe(before);
  });
});

describe('a receipt', () => {
  it('is signed by the log’s key over round and leaf, the same each time, and stored nowhere', async () => {
    const round = await openVoting(world, { codes: 1 });
    const voter = await phoneWith(world, round, round.codes[0] as string);
    const drawn = draw('1');
    const [one, two] = [await cast(voter, round, drawn), await cast(voter, round, drawn)];
    expect(one.body.receipt).toBe(two.body.receipt);
    const key = publicKeyFrom(await publicKey(round));
    const bytes = receiptBytes(uuidBytes(round.id), Buffer.from(leafFor(round, drawn), 'hex'));
    expect(verify(null, bytes, key, Buffer.from(one.body.receipt, 'hex'))).toBe(true);
    expect(bytes).not.toEqual(receiptBytes(uuidBytes(world.fund.id), Buffer.from(leafFor(round, drawn), 'hex')));
    const { rows } = await world.superuser(`select string_agg(encode(mark || box, 'hex'), '') as all from ballot_open where round_id = $1`, [round.id]);
    expect(rows[0].all).not.toContain(one.body.receipt);
    const keys = roundKeys((await world.app.services.keys.read(round.id)) as Buffer, uuidBytes(round.id));
    expect(markOf(keys, Buffer.from(one.body.leaf, 'hex')).toString('hex')).toBe(one.body.current);
  });
});

describe('mirrors', () => {
  it('are called over https in the open internet only', async () => {
    for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '100.64.0.1', '0.0.0.0', '::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '224.0.0.1', 'not an address']) expect([address, isPublicAddress(address)]).toEqual([address, false]);
    for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']) expect(isPublicAddress(address)).toBe(true);
    const refused = async (mirror: string) => (await sendHead(mirror, 'note', false)).fault;
    expect(await Promise.all(['http://example.org/', 'https://127.0.0.1/', 'https://[::1]/', 'https://2130706433/', 'https://localhost/', 'file:///etc/passwd'].map(refused)))
      .toEqual(['not-https', 'private-address', 'private-address', 'private-address', 'private-address', 'not-https']);
  });

  it('get each head until they take it, and what they said is kept', async () => {
        const got: string[] = [];
    const answers = [503, 200];
    const server = createServer(MIRROR, (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        got.push(body);
        response.writeHead(answers.shift() ?? 500, { location: 'https://elsewhere.example/' }).end('taken\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = `https://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
    const round = await openVoting(world, { codes: 1, more: { mirrors: [mirror] } });
    await fillBox(world, round, 200);
    await batch();
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, MIRROR.cert]);
    const services = { ...world.app.services, config: { ...world.config, privateMirrors: true } };
    try {
      await sendDueHeads(services, world.clock.now);
      expect((await world.visitor().get(`${round.path}/log/head`)).body.mirrors).toEqual([{ mirror, takenAt: null, status: 503, fault: null }]);
      await sendDueHeads(services, world.clock.now);
      world.clock.forward(2);
      await sendDueHeads(services, world.clock.now);
      world.clock.forward(60);
      await sendDueHeads(services, world.clock.now);
    } finally {
      setDefaultCACertificates(trusted);
      server.close();
    }
    const { note, mirrors } = (await world.visitor().get(`${round.path}/log/head`)).body;
    expect(got).toEqual([note, note]);
    expect(mirrors).toMatchObject([{ mirror, status: 200, takenAt: expect.any(String) }]);
  });
});

/** A key and a certificate for 127.0.0.1, good for this test and nothing else. */
const MIRROR = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbwnLIp9H5kXMxRvL
2IGj0VHCjkIogwmBLKx/m2r8JjOhRANCAAS4pJazO5Qj3KZ+3/rRbxF0kCaFN+Qb
W1YhfWi+00A9KUVO0ML7BwxAczKIZreFRdR7kK/EVnkZaJiPYUvhoxA3
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmTCCAUCgAwIBAgIUUCnhJ2dA9PUHRbCiKmJY9JoeoScwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwObWlycm9yLmV4YW1wbGUwIBcNMjYxMTIxMjI1OTIwWhgPMjEy
NjEwMjgyMjU5MjBaMBkxFzAVBgNVBAMMDm1pcnJvci5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEuKSWszuUI9ymft/60W8RdJAmhTfkG1tWIX1ovtNA
PSlFTtDC+wcMQHMyiGa3hUXUe5CvxFZ5GWiYj2FL4aMQN6NkMGIwHQYDVR0OBBYE
FBEo1Q+G556bpUe/ibTqlgQG1eBQMB8GA1UdIwQYMBaAFBEo1Q+G556bpUe/ibTq
lgQG1eBQMA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgwBocEfwAAATAKBggqhkjO
PQQDAgNHADBEAiBZ3SmR43X8tWAy7IwnuVE3Qq998qGPbwfhfmCk6jRwRwIgVZlD
VEU5bhJyXOgV+m6RESW2uHQqP3Zl6Ps8HPkVIUs=
-----END CERTIFICATE-----`,
};
