/** A small world for a test: a database, the app on it, two funds that must never see each other, and people in every role. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { buildApp } from '@commonpot/server/app';
import { within } from '@commonpot/db/client';
import { fund, host } from '@commonpot/db/people';
import { createMembership, createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import { readConfig, type Config } from '@commonpot/server/platform/config';
import { newId } from '@commonpot/server/platform/ids';
import type { Role } from '@commonpot/server/platform/policy';
import { Refusal } from '@commonpot/server/platform/problems';
import type { WebApp } from '@commonpot/server/platform/services';
import { makeDatabase, type TestDatabase } from './database.ts';

export interface Answer<T = any> {
  status: number;
  body: T;
  headers: Record<string, unknown>;
}

/** Somebody with a browser: their own cookies, and an Idempotency-Key on whatever they send. */
export interface Visitor {
  accountId: string | null;
  get<T = any>(path: string): Promise<Answer<T>>;
  post<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  send<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  cookies: Map<string, string>;
}

/** People of a fund: `administrator2` is the second pair of eyes, `shop2` another till. */
export type PersonName = 'resident' | 'administrator' | 'administrator2' | 'reviewer' | 'officer' | 'shop' | 'shop2';

export interface TestFund {
  id: string;
  slug: string;
  people: Record<PersonName, Visitor>;
}

export interface World {
  app: WebApp;
  config: Config;
  database: TestDatabase;
  /** The time, which stands still until a test moves it. */
  clock: { now: Date; forward(minutes: number): void };
  fund: TestFund;
  otherFund: TestFund;
  /** A stranger with a browser of their own. */
  visitor(): Visitor;
  superuser(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

const ROLES: Record<PersonName, { role: Role; organisation?: string }> = {
  resident: { role: 'resident' },
  administrator: { role: 'administrator' },
  administrator2: { role: 'administrator' },
  reviewer: { role: 'reviewer' },
  officer: { role: 'officer', organisation: 'Ashbourne Public Health' },
  shop: { role: 'shop', organisation: 'Khan’s Food Store' },
  shop2: { role: 'shop', organisation: 'The Old Bakery' },
};

export interface WorldOptions {
  /** Needs the built pages. */
  pages?: boolean;
  /** The address people type (http://localhost:3000). */
  publicUrl?: string;
  /** When the world begins (2026-11-21T10:00Z). A browser, which has a clock of its own, needs the real time. */
  now?: Date;
}

/** A world in a database of its own. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  return makeWorldOn(await makeDatabase(), options);
}

/** A world in a migrated database that a test brings along. */
export async function makeWorldOn(database: TestDatabase, options: WorldOptions = {}): Promise<World> {
  const state = mkdtempSync(join(tmpdir(), 'commonpot-keys-'));
  const config = readConfig({
    DATABASE_URL: database.ownerUrl, SECRET: 'x'.repeat(48), KEYS_FOLDER: join(state, 'keys'), DEMONSTRATION: 'true', LOG_LEVEL: process.env.TEST_LOG ?? 'silent', PORT: '0', PUBLIC_URL: options.publicUrl ?? 'http://localhost:3000',
  });
  const clock = { now: options.now ?? new Date('2026-11-21T10:00:00Z'), forward: (minutes: number) => void (clock.now = new Date(clock.now.getTime() + minutes * 60_000)) };
  const app = await buildApp(config, { clock: () => clock.now, pages: options.pages ?? false });
  await app.ready();
  return {
    app, config, database, clock,
    fund: await makeFund(app, 'tanner-hill', clock.now),
    otherFund: await makeFund(app, 'mill-road', clock.now),
    visitor: () => makeVisitor(app, null),
    superuser: (text, values) => queryAs(database.superuserUrl, text, values),
    close: async () => {
      await app.close();
      await database.drop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** One statement as whoever the URL names. */
export async function queryAs(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return values.length > 0 ? await client.query(text, values) : await client.query(text);
  } finally {
    await client.end();
  }
}

async function makeFund(app: WebApp, slug: string, now: Date): Promise<TestFund> {
  const id = newId();
  return within(app.services.db, { fund: id }, async (tx) => {
    const hostId = newId();
    await tx.insert(host).values({ id: hostId, name: `Host of ${slug}`, createdAt: now });
    await tx.insert(fund).values({ id, hostId, slug, name: `Fund ${slug}`, purpose: '', currency: 'GBP', language: 'en', timeZone: 'Europe/London', createdAt: now });
    const people: Partial<Record<PersonName, Visitor>> = {};
    for (const [name, { role, organisation }] of Object.entries(ROLES) as [PersonName, (typeof ROLES)[PersonName]][]) {
      const accountId = await findOrCreateAccount(tx, 'email', app.services.secrets.hash('contact', `email:${name}@${slug}.example`), id, now);
      const member = await createMembership(tx, id, { accountId, role, name, organisation }, now);
      if (member instanceof Refusal) throw new Error(member.code);
      const session = await createSession(tx, { accountId }, 7 * 24 * 60, now);
      people[name] = makeVisitor(app, accountId);
      people[name].cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(now.getTime() / 1000) }));
    }
    return { id, slug, people: people as Record<PersonName, Visitor> };
  });
}

/** A visitor whose requests look like a browser's on our own page. */
export function makeVisitor(app: WebApp, accountId: string | null): Visitor {
  const cookies = new Map<string, string>();
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await app.inject({
      method: method as 'GET', url: path.startsWith('/api/') || path.startsWith('/health') ? path : `/api/v1${path}`,
      headers: { 'sec-fetch-site': 'same-origin', 'idempotency-key': newId(), cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    for (const cookie of answer.cookies) cookies.set(cookie.name, cookie.value);
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json(), headers: answer.headers };
  };
  return { accountId, cookies, send, get: (path) => send('GET', path), post: (path, body, headers) => send('POST', path, body, headers) };
}
