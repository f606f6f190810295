/** Every route of the registry, tried signed out, in every role, from another fund, with a printed code, and in the wrong shape. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts } from '@commonpot/server/contracts';
import type { RouteContract } from '@commonpot/server/platform/contract';
import type { Role } from '@commonpot/server/platform/policy';
import { problems } from '@commonpot/server/platform/problems';
import { makeVisitor, makeWorld, type Answer, type TestFund, type Visitor, type World } from '../lib/world.ts';
import { examples, nothing } from './examples.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const ROLES: readonly Role[] = ['resident', 'administrator', 'reviewer', 'officer', 'shop'];
const rows = [...contracts].map(([name, contract]) => [name, contract] as const);

/** What every route may answer beside the problems its contract names. */
const KNOWN = ['wrong-shape', 'signed-out', 'not-allowed', 'not-found', 'idempotency-key-missing', 'idempotency-key-reused'];

/** Sessions that nobody has used yet, by what is in their columns. */
const unused = new Map<string, string[]>();

/** The id of a new session. Nearly every test takes one or more, so a hundred are made at once. */
async function newSession(columns: string, values: string): Promise<string> {
  const ids = unused.get(values) ?? [];
  unused.set(values, ids);
  if (ids.length === 0) {
    ids.push(...Array.from({ length: 100 }, () => crypto.randomUUID()));
    const now = world.clock.now.toISOString();
    await world.superuser(`set session_replication_role = replica;
      insert into session (id, ${columns}, created_at, expires_at)
      select id::uuid, ${values}, '${now}', '${now}'::timestamptz + interval '1 hour' from unnest(array['${ids.join(`','`)}']) as id`);
  }
  return ids.pop() as string;
}

/** Somebody of a fund, newly signed in, so that a call that signs out disturbs nobody. */
async function member(fund: TestFund, role: Role): Promise<Visitor> {
  const { accountId } = fund.people[role];
  return withSession(await newSession('account_id', `'${accountId}'::uuid`), accountId);
}

function withSession(sessionId: string, accountId: string | null): Visitor {
  const visitor = makeVisitor(world.app, accountId);
  visitor.cookies.set('__Host-session', world.app.jwt.sign({ sid: sessionId, iat: Math.floor(world.clock.now.getTime() / 1000) }));
  return visitor;
}

/** Somebody with a printed code of a round of this fund, and no account. The round is none: what is tried is the guard. */
async function codeHolder(fund: TestFund): Promise<Visitor> {
  return withSession(await newSession('fund_id, round_id, elector_id', `'${fund.id}'::uuid, gen_random_uuid(), gen_random_uuid()`), null);
}

function pathOf(contract: RouteContract, given: Record<string, string> = {}): string {
  const values: Record<string, string> = { fund: world.fund.slug, round: 'no-such-round', language: 'pl', number: '1', ...given };
  return contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? nothing));
}

const call = (visitor: Visitor, name: string, contract: RouteContract, given: Record<string, string> = {}): Promise<Answer> =>
  visitor.send(contract.method, pathOf(contract, given), examples[name]?.body);

const rolesOf = ({ access }: RouteContract): readonly Role[] => (typeof access === 'string' ? ROLES : access.roles);

/** The answer of somebody who may call: success, or a refusal that the contract names. */
function expectDocumented(contract: RouteContract, answer: Answer): void {
  if (answer.status < 400) return expect(answer.status).toBe(contract.status ?? 200);
  const byPhase = typeof contract.access === 'string' || !contract.access.phases ? [] : ['wrong-phase'];
  expect([...contract.problems, ...byPhase, 'not-found']).toContain(answer.body.code);
  expect(answer.headers['content-type']).toContain('application/problem+json');
}

function expectRefused(answer: Answer, code: keyof typeof problems): void {
  expect(answer.body).toMatchObject({ code, status: problems[code].status, type: `urn:commonpot:problem:${code}` });
  expect(answer.status).toBe(problems[code].status);
}

describe('the examples', () => {
  it('name every contract, and no other', () => {
    expect(Object.keys(examples).sort()).toEqual([...contracts.keys()].sort());
  });

  it.each(rows)('%s has the shape it takes', (name, contract) => {
    if (contract.body) expect(contract.body.safeParse(examples[name]?.body).error).toBeUndefined();
    else expect(examples[name]?.body).toBeUndefined();
  });

  it.each(rows)('%s names problems that its routes can have', (_name, contract) => {
    for (const code of contract.problems) expect(KNOWN, 'known to every route, so not to be named again').not.toContain(code);
  });
});

describe.each(rows)('%s', (name, contract) => {
  const { access } = contract;
  const isPublic = access === 'anyone';
  const isUnsafe = contract.method !== 'GET';

  it('signed out', async () => {
    const answer = await call(world.visitor(), name, contract);
    if (isPublic) expectDocumented(contract, answer);
    else expectRefused(answer, 'signed-out');
  });

  it('with a cookie that is none', async () => {
    const visitor = withSession(crypto.randomUUID(), null);
    if (!isPublic) expectRefused(await call(visitor, name, contract), 'signed-out');
  });

  it.each(ROLES)('as %s', async (role) => {
    const answer = await call(await member(world.fund, role), name, contract);
    if (rolesOf(contract).includes(role)) expectDocumented(contract, answer);
    else expectRefused(answer, 'not-allowed');
  });

  it('as a member of another fund', async () => {
    if (!contract.path.includes('/:fund')) return;
    for (const role of ROLES) {
      const answer = await call(await member(world.otherFund, role), name, contract);
      if (typeof access === 'string') expectDocumented(contract, answer);
      else expectRefused(answer, 'not-allowed');
    }
  });

  it('with a printed code of this fund, and of another', async () => {
    for (const fund of [world.fund, world.otherFund]) {
      const answer = await call(await codeHolder(fund), name, contract);
      if (isPublic || access === 'voter') expectDocumented(contract, answer);
      else expectRefused(answer, 'not-allowed');
    }
  });

  it('in a fund that does not exist', async () => {
    if (!contract.path.includes('/:fund')) return;
    expectRefused(await call(await member(world.fund, rolesOf(contract)[0] as Role), name, contract, { fund: 'no-such-fund' }), 'not-found');
  });

  it('in the wrong shape', async () => {
    const visitor = await member(world.fund, rolesOf(contract)[0] as Role);
    for (const param of Object.keys(contract.params.shape)) {
      expectRefused(await call(visitor, name, contract, { [param]: 'Not A Name!' }), 'wrong-shape');
    }
    if (contract.body) {
      for (const body of [{}, [], { nonsense: true }]) {
        if (contract.body.safeParse(body).success) continue;
        expectRefused(await visitor.send(contract.method, pathOf(contract), body), 'wrong-shape');
      }
      expectRefused(await visitor.send(contract.method, pathOf(contract), '{"half', { 'content-type': 'application/json' }), 'wrong-shape');
    }
    if (contract.idempotent) {
      expectRefused(await visitor.send(contract.method, pathOf(contract), examples[name]?.body, { 'idempotency-key': 'short' }), 'idempotency-key-missing');
    }
  });

  it('from another site', async () => {
    if (!isUnsafe) return;
    const visitor = await member(world.fund, rolesOf(contract)[0] as Role);
    const { body } = examples[name] ?? {};
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }]) {
      expectRefused(await visitor.send(contract.method, pathOf(contract), body, headers), 'cross-origin');
    }
  });
});

it('no refused call happened', async () => {
  const { rows: events } = await world.superuser(`select name, count(*)::int as times from event where fund_id = '${world.otherFund.id}' group by name`);
  expect(events).toEqual([]);
});
