/** `pnpm new-fund`: makes a fund and its first administrator, who signs in with a code sent to the address given. */
import { parseArgs } from 'node:util';
import { migrate } from '@commonpot/db/migrate';
import { openDatabase, setScope, type Transaction } from '@commonpot/db/client';
import { makeFundFinder } from '@commonpot/server/people/reads';
import { createFund, createMembership, findOrCreateAccount, type NewFund } from '@commonpot/server/people/writes';
import { normaliseAddress } from '@commonpot/server/people/rules';
import type { Config } from '@commonpot/server/platform/config';
import { Refusal } from '@commonpot/server/platform/problems';
import { record } from '@commonpot/server/platform/record';
import { makeSecrets } from '@commonpot/server/platform/secrets';
import { run, Stop } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';

const HELP = `pnpm new-fund --name NAME --slug SLUG --host HOST --email ADDRESS [--purpose TEXT] [--currency GBP] [--language en] [--time-zone Europe/London] [--json]
pnpm new-fund --slug SLUG --email ADDRESS --existing [--administrator NAME] [--json]

Makes a fund, the host that legally holds its money, and its first administrator. With --existing it gives a fund that is there
another administrator: for a fund in which fewer than two are left, where nobody could agree to an invitation.`;

/** Makes whoever is behind an address an administrator. Throws `Stop` where they are one. */
async function addAdministrator(tx: Transaction, config: Config, fundId: string, { email, name }: { email: string; name: string }, now: Date): Promise<void> {
  const contactHash = makeSecrets(config.secret).hash('contact', `email:${normaliseAddress('email', email)}`);
  const accountId = await findOrCreateAccount(tx, 'email', contactHash, fundId, now);
  await setScope(tx, { fund: fundId });
  const member = await createMembership(tx, fundId, { accountId, role: 'administrator', name }, now);
  if (member instanceof Refusal) throw new Stop(`${email} is an administrator of that fund already.`);
  await record(tx, { fundId, name: 'member.invited', subject: { member, role: 'administrator' }, actorId: null, at: now });
}

/** Gives a fund another administrator; throws `Stop` when there is no such fund, or they are one. */
export async function newAdministrator(config: Config, slug: string, email: string, name: string): Promise<string> {
  const db = openDatabase(config.databaseUrl, 1);
  try {
    return await db.transaction(async (drizzleTx) => {
      const tx = drizzleTx as unknown as Transaction;
      const fund = await makeFundFinder()(tx, slug);
      if (!fund) throw new Stop(`There is no fund with the slug ${slug}.`);
      await addAdministrator(tx, config, fund.id, { email, name }, new Date());
      return fund.id;
    });
  } finally {
    await db.$client.end();
  }
}

/** Makes the fund in one transaction; throws `Stop` when the slug is taken. */
export async function newFund(config: Config, given: NewFund, email: string, administrator: string): Promise<string> {
  const db = openDatabase(config.databaseUrl, 1);
  const now = new Date();
  try {
    return await db.transaction(async (drizzleTx) => {
      const tx = drizzleTx as unknown as Transaction;
      const fundId = await createFund(tx, given, now);
      await addAdministrator(tx, config, fundId, { email, name: administrator }, now);
      return fundId;
    });
  } catch (error) {
    const { code } = ((error as { cause?: object }).cause ?? error) as { code?: string };
    if (code === '23505') throw new Stop(`There is a fund with the slug ${given.slug} already.`);
    if (code === '23514') throw new Stop('The slug may hold small letters, digits and single hyphens; the currency is three capital letters.');
    throw error;
  } finally {
    await db.$client.end();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' }, slug: { type: 'string' }, host: { type: 'string' }, email: { type: 'string' }, purpose: { type: 'string', default: '' },
      administrator: { type: 'string', default: 'First administrator' }, currency: { type: 'string', default: 'GBP' }, language: { type: 'string', default: 'en' },
      'time-zone': { type: 'string', default: 'Europe/London' }, existing: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const { name, slug, host, email, purpose, currency, language } = values;
  if (!slug || !email || (!values.existing && (!name || !host))) throw new Stop(`Name, slug, host and email are needed.\n\n${HELP}`);
  const environment = await openEnvironment();
  try {
    await migrate(environment.config.databaseUrl);
    if (values.existing) {
      const id = await newAdministrator(environment.config, slug, email, values.administrator);
      return console.log(values.json ? JSON.stringify({ fund: id, slug, administrator: email }) : `${email} is an administrator of ${slug} now, and signs in at ${environment.config.publicUrl}/sign-in`);
    }
    const id = await newFund(environment.config, { name: name as string, slug, host: host as string, purpose, currency, language, timeZone: values['time-zone'] }, email, values.administrator);
    console.log(values.json ? JSON.stringify({ fund: id, slug, administrator: email }) : `The fund ${name} is there. ${email} signs in at ${environment.config.publicUrl}/sign-in`);
  } finally {
    await environment.close();
  }
}

if (import.meta.main) await run(main);
