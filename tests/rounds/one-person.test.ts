/** One person, one place on the roll, in whatever order they and their administrator come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { normaliseAddress } from '@commonpot/server/people/rules';
import { createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import { makeVisitor, makeWorld, type Visitor, type World } from '../lib/world.ts';
import { draftRound, move, must, type TestRound } from './set-up.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

async function signedIn(address: string): Promise<Visitor> {
  return within(world.app.services.db, {}, async (tx) => {
    const now = world.clock.now;
    const accountId = await findOrCreateAccount(tx, 'email', world.app.services.secrets.hash('contact', `email:${address}`), undefined, now);
    const session = await createSession(tx, { accountId }, 60 * 24 * 30, now);
    const visitor = makeVisitor(world.app, accountId);
    visitor.cookies.set('__Host-session', world.app.jwt.sign({ sid: session.id, iat: Math.floor(now.getTime() / 1000) }));
    return visitor;
  });
}

const admin = () => world.fund.people.administrator;
const electors = async (round: TestRound) => (await world.superuser('select id from elector where round_id = $1', [round.id])).rows.length;
const cast = (visitor: Visitor, round: TestRound, letter: string) =>
  visitor.post(`${round.path}/ballot`, { lines: [], salt: letter.repeat(64), void: letter.repeat(64), replaces: null, oldVoidKey: null });

/** A round in which an administrator could make up residents, if a printed card were enough to join it. */
it('is not for whoever has no address', async () => {
  const { administrator } = world.fund.people;
  const round = await draftRound(world, { credentials: ['sign-in'] });
  await move(world, round, 'notice', 'voting');
  const { card } = (await administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'card', role: 'resident', name: 'Made up' })).body;
  const phone = world.visitor();
  expect((await phone.post('/sign-in/cards', { code: card })).status).toBe(200);
  expect((await phone.post(`${round.path}/join`, { credential: 'sign-in', isOldEnough: true })).body.code).toBe('not-on-roll');
});

describe('somebody who signed in first and was listed later', () => {
  it('keeps their one place: the printed code for their name opens it too', async () => {
    const round = await draftRound(world, { credentials: ['sign-in', 'code'] });
    await move(world, round, 'notice');
    const ada = await signedIn('ada@example.org');
    await must(ada.post(`${round.path}/join`, { credential: 'sign-in' }));
    const entries = [{ name: 'Ada', contact: { channel: 'email', address: 'Ada@example.org' } }, { name: 'Bob', contact: { channel: 'email', address: 'bob@example.org' } }];
    expect(await must(admin().post(`${round.path}/roll`, { entries }))).toMatchObject({ added: 2, alreadyThere: 0 });
    expect(await must(admin().post(`${round.path}/roll`, { entries }))).toMatchObject({ added: 0, alreadyThere: 2 });
    expect(await electors(round)).toBe(2);
    const { codes } = await must(admin().post(`${round.path}/codes`, { forRoll: true }));
    await move(world, round, 'voting');
    await must(cast(ada, round, 'a'));
    const again = world.visitor();
    await must(again.post(`${round.path}/enter-code`, { code: codes.find((each: { name: string }) => each.name === 'Ada').code }));
    expect((await cast(again, round, 'b')).body.code).toBe('already-voted');
    const bob = world.visitor();
    await must(bob.post(`${round.path}/enter-code`, { code: codes.find((each: { name: string }) => each.name === 'Bob').code }));
    await must(cast(bob, round, 'c'));
    await must((await signedIn('bob@example.org')).post(`${round.path}/join`, { credential: 'sign-in' }));
    expect((await cast(await signedIn('bob@example.org'), round, 'd')).body.code).toBe('already-voted');
  });
});

describe('a code that was lost', () => {
  it('opens nothing any more once it is replaced, a browser that it opened before included', async () => {
    const round = await draftRound(world, { credentials: ['code'] });
    const { codes } = await must(admin().post(`${round.path}/codes`, { assigned: [{ name: 'Cem' }] }));
    await move(world, round, 'notice', 'voting');
    const finder = world.visitor();
    await must(finder.post(`${round.path}/enter-code`, { code: codes[0].code }));
    const { entries } = await must(admin().get(`${round.path}/roll`));
    await must(admin().post(`${round.path}/roll/${entries[0].elector}/code`));
    expect((await cast(finder, round, 'e')).status).toBe(401);
  });
});

describe('a telephone number', () => {
  it('is the same number however it is written', () => {
    for (const written of ['07700 900123', '+44 7700 900123', '0044 7700 900123', '+44 (0)7700 900123', '0044 (0) 7700-900123', '+44 07700 900123']) {
      expect(normaliseAddress('sms', written), written).toBe('+447700900123');
    }
    // Digits after the last are dropped on the way by some networks, so that they would reach the same telephone.
    for (const written of ['07700 9001234', '+44 7700 90012', '+4400 7700 900123']) expect(normaliseAddress('sms', written), written).toBeNull();
    for (const written of ['+48 512 345 678', '+39 06 1234 5678', '+1 202 555 0123']) expect(normaliseAddress('sms', written)).toBe(written.replaceAll(' ', ''));
    for (const [written, one] of [['+49 (0)151 23456789', '+4915123456789'], ['+33 (0)6 12 34 56 78', '+33612345678']] as const) expect(normaliseAddress('sms', written)).toBe(one);
  });
});
