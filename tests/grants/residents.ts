/** Members who signed in, for tests in which many of them take part. */
import { within } from '@commonpot/db/client';
import { createAccount, createMembership, createSession } from '@commonpot/server/people/writes';
import { makeVisitor, type Visitor, type World } from '../lib/world.ts';

/** So many residents of the world's fund, by account; or so many administrators. */
export async function makeResidents(world: World, many: number, role: 'resident' | 'administrator' = 'resident'): Promise<Map<string, Visitor>> {
  const { app, clock, fund } = world;
  return within(app.services.db, { fund: fund.id }, async (tx) => {
    const residents = new Map<string, Visitor>();
    for (let index = 0; index < many; index += 1) {
      const accountId = await createAccount(tx, clock.now);
      await createMembership(tx, fund.id, { accountId, role, name: `Neighbour ${index}` }, clock.now);
      const session = await createSession(tx, { accountId }, 90 * 24 * 60, clock.now);
      const visitor = makeVisitor(app, accountId);
      visitor.cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(clock.now.getTime() / 1000) }));
      residents.set(accountId, visitor);
    }
    return residents;
  });
}
