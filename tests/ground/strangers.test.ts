/** What one stranger can spoil, watch or read without an account: as little as can be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '@commonpot/server/platform/limits';
import { safeNext } from '../../web/src/lib/links.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { draftRound, move, must } from '../rounds/set-up.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

const askFrom = (remoteAddress: string, address: string) => world.app.inject({
  method: 'POST', url: '/api/v1/sign-in/codes', remoteAddress, headers: { 'sec-fetch-site': 'same-origin' }, payload: { channel: 'email', address },
});

describe('sign-in codes', () => {
  it('are not used up for everybody by one network', async () => {
    const most = Math.ceil(world.config.codesPerHour / 10);
    let sent = 0;
    for (let each = 0; each < most + 20; each += 1) sent += Number((await askFrom('2001:db8:0:7::' + each.toString(16), `stranger${each}@example.org`)).statusCode === 200);
    expect(sent).toBe(most);
    expect((await askFrom('2001:db8:0:7::1', 'one.more@example.org')).json()).toMatchObject({ code: 'codes-exhausted' });
    expect((await askFrom('2001:db8:0:8::1', 'a.neighbour@example.org')).statusCode).toBe(200);
  });

  it('know a network by its address, or by the first half of a longer one', () => {
    for (const [address, network] of [
      ['192.0.2.7', '192.0.2.7'], ['::ffff:192.0.2.7', '192.0.2.7'], ['::1', '0:0:0:0'], ['2001:db8::7:1', '2001:db8:0:0'],
      ['2001:0DB8:0000:0007:1:2:3:4', '2001:db8:0:7'], ['2001:db8:0:7::', '2001:db8:0:7'], ['fe80::1%eth0', 'fe80:0:0:0'],
    ] as const) expect(networkOf(address), address).toBe(network);
  });
});

it('wrong codes are counted by network: a stranger with addresses to spare is one stranger', async () => {
  const round = await draftRound(world, { credentials: ['code'] });
  await must(world.fund.people.administrator.post(`${round.path}/codes`, { assigned: [{ name: 'Ada' }] }));
  await move(world, round, 'notice');
  const guess = async (remoteAddress: string) => (await world.app.inject({ method: 'POST', url: `/api/v1${round.path}/enter-code`, remoteAddress, headers: { 'sec-fetch-site': 'same-origin' }, payload: { code: 'AAAA-AAAA-AAAA' } })).json().code;
  for (let each = 1; each <= 30; each += 1) expect(await guess(`2001:db8:0:9::${each.toString(16)}`)).toBe('wrong-code');
  expect(await guess('2001:db8:0:9::ffff')).toBe('too-many-tries');
  expect(await guess('2001:db8:0:a::1')).toBe('wrong-code');
});

it('a cursor that is none, or a character no text can hold, is a wrong shape and no fault of ours', async () => {
  for (const query of ['cursor=x', 'cursor=%00']) expect((await world.visitor().get(`/funds/tanner-hill/rounds?${query}`)).body, query).toMatchObject({ status: 400, code: 'wrong-shape' });
});

it('signing in leads to a page of this site and nowhere else', () => {
  for (const next of ['/', '/you', '/v/ABC?fund=a', '/f/a/rounds/b/vote#p3']) expect(safeNext(next)).toBe(next);
  for (const next of [null, '', 'you', '//evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', '/\r\\evil.example', 'https://evil.example', 'javascript:1']) expect(safeNext(next), String(next)).toBeNull();
});

it('the outbox is for this machine, by its own name and through no proxy', async () => {
  const look = (headers: Record<string, string>) => world.app.inject({ url: '/api/v1/demonstration/messages', headers });
  expect((await look({ host: 'localhost:3000' })).statusCode).toBe(200);
  for (const headers of [{ 'x-forwarded-for': '192.0.2.7' }, { 'x-real-ip': '192.0.2.7' }, { forwarded: 'for=192.0.2.7' }, { via: '1.1 proxy' }, { host: 'rebound.example' }]) {
    expect((await look({ host: 'localhost:3000', ...headers } as Record<string, string>)).statusCode, JSON.stringify(headers)).toBe(404);
  }
});

it('turnout is counted anew ten minutes after the last count at the earliest', async () => {
  const round = await draftRound(world, { credentials: ['code'] });
  const { codes } = await must(world.fund.people.administrator.post(`${round.path}/codes`, { assigned: [{ name: 'Ada' }] }));
  await move(world, round, 'notice', 'voting');
  const turnout = async () => (await must(world.visitor().get(`${round.path}/turnout`))).ballots;
  world.clock.forward(9.9);
  expect(await turnout()).toBe(0);
  const ada = world.visitor();
  await must(ada.post(`${round.path}/enter-code`, { code: codes[0].code }));
  await must(ada.post(`${round.path}/ballot`, { lines: [], salt: 'a'.repeat(64), void: 'b'.repeat(64), replaces: null, oldVoidKey: null }));
  world.clock.forward(0.2);
  expect(await turnout()).toBe(0);
  world.clock.forward(9.8);
  expect(await turnout()).toBe(1);
});

it('requests are not numbered in a row: a gap in the log would say that somebody voted in between', () => {
  const { genReqId } = world.app as unknown as { genReqId(request: object): string };
  const [one, other] = [genReqId({}), genReqId({})];
  expect(one).not.toBe(other);
  expect(one).not.toMatch(/^req-/);
});
