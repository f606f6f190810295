/** What the pages of the manifest show: a served world with something in it, made once. */
import { serveWorld, type Served } from '../lib/served.ts';

export type Scene = Served;

/** Makes the scene through the API, as its people would. */
export async function makeScene(): Promise<Scene> {
  const served = await serveWorld();
  const stranger = served.visitor();
  // A long address, so that the outbox has something to wrap.
  await stranger.post('/sign-in/codes', { channel: 'email', address: 'a.person.with.quite.a.long.name@a-rather-long-organisation.example.org' });
  return served;
}
