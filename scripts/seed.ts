/** The demonstration fund: a neighbourhood that could be real. Fills an empty database and leaves any other alone. */
import { count } from 'drizzle-orm';
import { openDatabase, within, type Database } from '@commonpot/db/client';
import { fund, host } from '@commonpot/db/people';
import type { Config } from '@commonpot/server/platform/config';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { makeSecrets } from '@commonpot/server/platform/secrets';
import { createMembership, findOrCreateAccount } from '@commonpot/server/people/writes';
import type { Role } from '@commonpot/server/platform/policy';

interface Person {
  address: string;
  who: string;
  name: string;
  role: Role;
  organisation?: string;
}

const people: readonly Person[] = [
  { address: 'amina@example.org', who: 'fund administrator', name: 'Amina Yusuf', role: 'administrator' },
  { address: 'joseph@example.org', who: 'fund administrator, the second pair of eyes', name: 'Joseph Okafor', role: 'administrator' },
  { address: 'helen@example.org', who: 'agency officer, Ashbourne Public Health', name: 'Helen Marsh', role: 'officer', organisation: 'Ashbourne Public Health' },
  { address: 'khan@example.org', who: 'shop, Khan’s Food Store', name: 'Imran Khan', role: 'shop', organisation: 'Khan’s Food Store' },
  { address: 'rosa@example.org', who: 'resident', name: 'Rosa Delgado', role: 'resident' },
];

/** Fills an empty database. The answer lists who can sign in, whether they were made now or earlier. */
export async function seedDemonstration(config: Config): Promise<readonly Person[]> {
  const db = openDatabase(config.databaseUrl, 2);
  try {
    const [found] = await db.select({ funds: count() }).from(fund);
    if (found?.funds === 0) await createFund(db, config, new Date());
    return people;
  } finally {
    await db.$client.end();
  }
}

async function createFund(db: Database, config: Config, now: Date): Promise<void> {
  const secrets = makeSecrets(config.secret);
  const hostId = newId();
  const fundId = newId();
  await within(db, { fund: fundId }, async (tx) => {
    await tx.insert(host).values({ id: hostId, name: 'Tanner Hill Community Trust', createdAt: now });
    await tx.insert(fund).values({
      id: fundId, hostId, slug: 'tanner-hill', name: 'Tanner Hill money', currency: 'GBP', language: 'en', timeZone: 'Europe/London', createdAt: now,
      purpose: 'Ashbourne Public Health put £120,000 in a pot for the people of Tanner Hill. You say what it should pay for.',
    });
    for (const { address, role, name, organisation } of people) {
      const accountId = await findOrCreateAccount(tx, 'email', secrets.hash('contact', `email:${address}`), fundId, now);
      const member = await createMembership(tx, fundId, { accountId, role, name, organisation }, now);
      if (member instanceof Refusal) throw new Error(`${name} is a member twice`);
    }
  });
}
