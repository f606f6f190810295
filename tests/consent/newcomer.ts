/** Somebody with an address, signed in, who belongs to nothing yet. */
import { within } from '@commonpot/db/client';
import { createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import { makeVisitor, type Visitor, type World } from '../lib/world.ts';

let people = 0;

export interface Newcomer {
  visitor: Visitor;
  address: string;
}

export async function newcomer({ app, clock }: Pick<World, 'app' | 'clock'>): Promise<Newcomer> {
  people += 1;
  const address = `young${people}@example.org`;
  return within(app.services.db, {}, async (tx) => {
    const accountId = await findOrCreateAccount(tx, 'email', app.services.secrets.hash('contact', `email:${address}`), undefined, clock.now);
    const session = await createSession(tx, { accountId }, 90 * 24 * 60, clock.now);
    const visitor = makeVisitor(app, accountId);
    visitor.cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(clock.now.getTime() / 1000) }));
    return { visitor, address };
  });
}
