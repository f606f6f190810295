/** A world on a real port, pages and jobs included, for tests that drive a browser. */
import { jobsOf } from '@commonpot/server/main';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { makeWorld, type World } from './world.ts';

export interface Served extends World {
  /** http://localhost:PORT, without a slash at the end. */
  url: string;
}

/** Serves the built pages and the API of a new world. One of these per test file: the pages' way to the API is one per process. */
export async function serveWorld(): Promise<Served> {
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const world = await makeWorld({ pages: true, publicUrl: url, now: new Date() });
  await world.app.listen({ host: '127.0.0.1', port });
  await world.app.services.queue.start(jobsOf(world.app.services), world.app.services.clock);
  return { ...world, url };
}
