/** Sign-in, sessions and members, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peopleJobs } from '@commonpot/server/people/jobs';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.app.services.queue.start(peopleJobs(world.app.services), world.app.services.clock);
});
afterAll(() => world.close());

/** The newest code that was sent to an address. */
async function codeFor(address: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await world.visitor().get('/demonstration/messages');
    const found = body.messages.find((message: { recipient: string }) => message.recipient === address);
    if (found) return found.body.slice(0, 6);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing was sent to ${address}`);
}

async function askAs(visitor: Visitor, address: string): Promise<string> {
  expect((await visitor.post('/sign-in/codes', { channel: 'email', address })).status).toBe(200);
  return codeFor(address);
}

describe('sign-in by code', () => {
  it('signs in with the code, and only in the browser that asked', async () => {
    const asker = world.visitor();
    const code = await askAs(asker, 'one@example.org');
    expect((await world.visitor().post('/sign-in', { code })).body.code).toBe('wrong-code');
    expect((await asker.post('/sign-in', { code })).status).toBe(200);
    expect((await asker.get('/me')).body).toMatchObject({ kind: 'account', memberships: [] });
    expect((await asker.post('/sign-in', { code })).body.code).toBe('wrong-code');
  });

  it('gives the same answer to known and unknown addresses', async () => {
    const ask = (address: string) => world.visitor().post('/sign-in/codes', { channel: 'email', address });
    const [known, unknown] = [await ask('administrator@tanner-hill.example'), await ask('nobody@example.org')];
    expect(known).toMatchObject({ status: 200, body: unknown.body });
  });

  it('closes a code after five wrong tries, and keeps the count though each try is refused', async () => {
    const asker = world.visitor();
    const code = await askAs(asker, 'five@example.org');
    const wrong = code === '000000' ? '000001' : '000000';
    for (const triesLeft of [4, 3, 2, 1, 0]) expect((await asker.post('/sign-in', { code: wrong })).body).toMatchObject({ code: 'wrong-code', triesLeft });
    expect((await asker.post('/sign-in', { code })).status).toBe(401);
  });

  it('lets a code run out after ten minutes', async () => {
    const asker = world.visitor();
    const code = await askAs(asker, 'late@example.org');
    world.clock.forward(10);
    expect((await asker.post('/sign-in', { code })).body.code).toBe('wrong-code');
  });

  it('sends at most five codes an hour to one address', async () => {
    const statuses = [];
    for (let ask = 0; ask < 6; ask += 1) statuses.push((await world.visitor().post('/sign-in/codes', { channel: 'sms', address: '07700 900123' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('keeps to that budget however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.visitor().post('/sign-in/codes', { channel: 'sms', address: '07700 900124' })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(5);
  });

  it('forgets codes and sessions that are over, a day later', async () => {
    const asker = world.visitor();
    await askAs(asker, 'forgotten@example.org');
    const { rows: before } = await world.superuser('select count(*)::int as n from sign_in_challenge');
    const job = peopleJobs(world.app.services).find((each) => each.name === 'people.tidy');
    await job?.run({} as never, new Date(world.clock.now.getTime() + 23 * 3_600_000));
    expect((await world.superuser('select count(*)::int as n from sign_in_challenge')).rows).toEqual(before);
    await job?.run({} as never, new Date(world.clock.now.getTime() + 25 * 3_600_000));
    expect((await world.superuser('select count(*)::int as n from sign_in_challenge')).rows[0].n).toBe(0);
  });

  it('stores neither the code nor the address', async () => {
    const asker = world.visitor();
    const code = await askAs(asker, 'secret@example.org');
    const { rows } = await world.superuser(`select row_to_json(c)::text as text from sign_in_challenge c union all select row_to_json(c)::text from account_contact c`);
    const text = rows.map((row) => row.text).join('\n');
    expect(text).not.toContain('secret@example.org');
    expect(text).not.toContain(Buffer.from('secret@example.org').toString('hex'));
    expect(text).not.toContain(`"${code}"`);
  });
});

describe('sessions', () => {
  it('end at once, everywhere, when they are ended', async () => {
    const asker = world.visitor();
    await asker.post('/sign-in', { code: await askAs(asker, 'two@example.org') });
    const thief = world.visitor();
    for (const [name, value] of asker.cookies) thief.cookies.set(name, value);
    expect((await thief.get('/me')).status).toBe(200);
    await asker.post('/sign-out');
    expect((await thief.get('/me')).status).toBe(401);
  });

  it('renew an old token from the session row, and no other', async () => {
    const asker = world.visitor();
    await asker.post('/sign-in', { code: await askAs(asker, 'three@example.org') });
    const before = asker.cookies.get('__Host-session');
    world.clock.forward(60);
    expect((await asker.get('/me')).status).toBe(200);
    expect(asker.cookies.get('__Host-session')).not.toBe(before);
    asker.cookies.set('__Host-session', world.app.jwt.sign({ sid: crypto.randomUUID() }));
    expect((await asker.get('/me')).status).toBe(401);
  });

  it('refuse a token signed with another algorithm', async () => {
    const visitor = world.visitor();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    visitor.cookies.set('__Host-session', `${part({ alg: 'none', typ: 'JWT' })}.${part({ sid: crypto.randomUUID() })}.`);
    expect((await visitor.get('/me')).status).toBe(401);
  });
});

describe('members', () => {
  it('are invited by address and signed in by code', async () => {
    const { administrator } = world.fund.people;
    const invited = await administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'email', address: 'New@Example.org ', role: 'shop', name: 'Nadia', organisation: 'Corner Shop' });
    expect(invited.status).toBe(201);
    const asker = world.visitor();
    await asker.post('/sign-in', { code: await askAs(asker, 'new@example.org') });
    expect((await asker.get('/me')).body.memberships).toEqual([{ fund: { slug: 'tanner-hill', name: 'Fund tanner-hill' }, role: 'shop', name: 'Nadia', organisation: 'Corner Shop' }]);
    expect((await administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'email', address: 'new@example.org', role: 'shop', name: 'Nadia', organisation: 'Corner Shop' })).body.code).toBe('already-exists');
    // One till in a fund, and one agency, also when two invite in the same instant.
    for (const [role, address, expected] of [['shop', 'new@example.org', ['acts-for-another', 'acts-for-another', 'acts-for-another']], ['officer', 'officer.of.two@example.org', ['already-exists', 'already-exists', 'invited']]] as const) {
      const invite = (organisation: string) => administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'email', address, role, name: 'Nadia', organisation });
      const codes = (await Promise.all(['One', 'Two', 'Three'].map(invite))).map(({ body }) => body.code ?? 'invited');
      expect(codes.sort()).toEqual(expected);
    }
    expect((await administrator.post(`/funds/${world.fund.slug}/members/${invited.body.id}/end`)).status).toBe(200);
    expect((await asker.get('/me')).body.memberships).toEqual([]);
  });

  it('who are a second pair of eyes are not one administrator’s to make', async () => {
    const { administrator, administrator2, resident } = world.fund.people;
    const at = `/funds/${world.fund.slug}`;
    const [own, asker] = ['own.second@example.org', world.visitor()];
    const invited = (await administrator.post(`${at}/members`, { channel: 'email', address: own, role: 'administrator', name: 'Second me' })).body;
    expect(invited).toMatchObject({ waits: true, card: null });
    await asker.post('/sign-in', { code: await askAs(asker, own) });
    expect((await asker.get('/me')).body.memberships).toEqual([]);
    expect((await asker.get(`${at}/members`)).status).toBe(403);
    const answer = (who: typeof asker, agree = true) => who.post(`${at}/invitations/${invited.id}/answer`, { agree });
    expect([(await answer(administrator)).body.code, (await answer(resident)).body.code, (await answer(asker)).body.code]).toEqual(['same-person', 'not-allowed', 'not-allowed']);
    expect((await administrator2.get(`${at}/members`)).body.invitations).toContainEqual(expect.objectContaining({ id: invited.id, name: 'Second me', invitedBy: 'administrator', mayAgree: true }));
    const codes = (await Promise.all([answer(administrator2), answer(administrator2)])).map(({ body }) => body.code ?? 'agreed');
    expect(codes.sort()).toEqual(['agreed', 'already-decided']);
    expect((await asker.get('/me')).body.memberships).toMatchObject([{ role: 'administrator', name: 'Second me' }]);
    // Not past the tables either, and what is dropped stays dropped.
    const other = (await administrator.post(`${at}/members`, { channel: 'email', address: 'third@example.org', role: 'officer', name: 'Third', organisation: 'Mine' })).body;
    await expect(world.superuser(`update member_invitation set agreed_by = invited_by, settled_at = now() where id = $1`, [other.id])).rejects.toThrow('two_people');
    expect((await administrator.post(`${at}/invitations/${other.id}/answer`, { agree: false })).status).toBe(200);
    expect((await administrator2.post(`${at}/invitations/${other.id}/answer`, { agree: true })).body.code).toBe('already-decided');
  });

  it('may be invited by whoever was always alone in the fund, and not by whoever sent the others away', async () => {
    const { people: { administrator, administrator2 }, slug, id } = world.otherFund;
    const others = `delete from membership where fund_id = '${id}' and role = 'administrator' and account_id = '${administrator2.accountId}'`;
    const invite = (address: string) => administrator.post(`/funds/${slug}/members`, { channel: 'email', address, role: 'administrator', name: 'Next' });
    const members = (await administrator.get(`/funds/${slug}/members?limit=200`)).body.members as { id: string; name: string }[];
    expect((await administrator.post(`/funds/${slug}/members/${members.find(({ name }) => name === 'administrator2')?.id}/end`)).status).toBe(200);
    expect((await invite('after@example.org')).body.waits).toBe(true);
    await world.superuser(others);
    expect((await invite('beside@example.org')).body.waits).toBe(false);
  });

  it('of another fund stay unseen', async () => {
    const { body } = await world.otherFund.people.administrator.get(`/funds/${world.otherFund.slug}/members`);
    expect(body.members.map((member: { name: string }) => member.name)).not.toContain('Nadia');
  });
});

describe('the second lock', () => {
  it('shows no row of any fund while no fund is named', async () => {
    const { rows } = await world.superuser(`select c.relname as name from pg_class c where c.relrowsecurity and c.relforcerowsecurity order by 1`);
    expect(rows.length).toBeGreaterThan(5);
    for (const { name } of rows) {
      const seen = await world.app.services.db.execute(`select count(*)::int as n from ${name}`);
      expect({ name, n: seen.rows[0]?.n }).toEqual({ name, n: 0 });
    }
  });

  it('covers every table that carries a fund or a person', async () => {
    const { rows } = await world.superuser(`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('fund_id', 'account_id')
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`);
    // Looked up by an unguessable hash or id before any fund is known.
    expect([...new Set(rows.map((row) => row.name))]).toEqual(['account_browser', 'number_holder', 'recovery_code', 'session', 'sign_in_card', 'sign_in_challenge', 'sign_in_claim']);
  });
});

describe('requests', () => {
  it('that change something must come from our own pages', async () => {
    const visitor = world.visitor();
    const origin = world.config.publicUrl;
    const tries: [Record<string, string>, number][] = [
      [{ 'sec-fetch-site': 'cross-site' }, 403], [{ 'sec-fetch-site': 'same-site' }, 403], [{ 'sec-fetch-site': 'none' }, 403],
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://elsewhere.example' }, 200],
    ];
    for (const [headers, status] of tries) expect((await visitor.post('/sign-out', undefined, headers)).status).toBe(status);
    for (const [given, status] of [[origin, 200], ['null', 403], ['https://elsewhere.example', 403], [undefined, 403]] as const) {
      const answer = await world.app.inject({ method: 'POST', url: '/api/v1/sign-out', headers: given ? { origin: given } : {} });
      expect([given, answer.statusCode]).toEqual([given, status]);
    }
  });

  it('of the wrong shape name the fields', async () => {
    expect((await world.visitor().post('/sign-in/codes', { channel: 'email', address: 'not an address' })).body).toMatchObject({ status: 400, code: 'wrong-shape' });
    expect((await world.visitor().post('/sign-in', {})).body).toMatchObject({ code: 'wrong-shape', fields: ['code'] });
  });
});

describe('a printed one-time code', () => {
  const members = () => `/funds/${world.fund.slug}/members`;

  it('signs somebody without an address in, once; a new one takes the old one out of use', async () => {
    const { body } = await world.fund.people.administrator.post(members(), { channel: 'card', role: 'resident', name: 'Mrs Abara' });
    const phone = world.visitor();
    expect((await phone.post('/sign-in/cards', { code: body.card.toLowerCase() })).status).toBe(200);
    expect((await phone.get('/me')).body.memberships).toMatchObject([{ role: 'resident', name: 'Mrs Abara' }]);
    expect((await world.visitor().post('/sign-in/cards', { code: body.card })).body.code).toBe('wrong-code');
    const [second, third] = [await world.fund.people.administrator.post(`${members()}/${body.id}/card`), await world.fund.people.administrator.post(`${members()}/${body.id}/card`)];
    expect((await world.visitor().post('/sign-in/cards', { code: second.body.card })).body.code).toBe('wrong-code');
    expect((await world.visitor().post('/sign-in/cards', { code: third.body.card })).status).toBe(200);
  });

  it('opens no role that is a second pair of eyes, nobody with an address, and nobody of another fund', async () => {
    const { administrator } = world.fund.people;
    for (const role of ['administrator', 'officer']) expect((await administrator.post(members(), { channel: 'card', role, name: 'Somebody' })).body.code).toBe('card-not-for-role');
    const ids = Object.fromEntries((await administrator.get(`${members()}?limit=200`)).body.members.map((member: { name: string; id: string }) => [member.name, member.id]));
    expect((await administrator.post(`${members()}/${ids.administrator2}/card`)).body.code).toBe('card-not-for-role');
    const invited = await administrator.post(members(), { channel: 'email', address: 'has@example.org', role: 'resident', name: 'Has one' });
    expect((await administrator.post(`${members()}/${invited.body.id}/card`)).body.code).toBe('has-address');
    expect((await world.otherFund.people.administrator.post(`/funds/${world.otherFund.slug}/members/${invited.body.id}/card`)).body.code).toBe('not-found');
  });
});
