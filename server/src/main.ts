/** The process: one app, one socket, the jobs beside it. Ends cleanly on Ctrl-C and SIGTERM. */
import { buildApp } from './app.ts';
import { payoutJobs } from './payouts/jobs.ts';
import { peopleJobs } from './people/jobs.ts';
import type { Config } from './platform/config.ts';
import { findUnfitness } from './platform/health.ts';
import type { Job } from './platform/jobs.ts';
import type { Services, WebApp } from './platform/services.ts';
import { roundsJobs, wakeRounds } from './rounds/jobs.ts';
import { tallyJobs } from './votes/tally/jobs.ts';

/** Why the process cannot serve, in one sentence for the person at the terminal. */
export class CannotServe extends Error {}

export interface Running {
  /** Where it listens. */
  port: number;
  /** Stops taking requests, finishes those in flight, then closes the database. Calling it twice is fine. */
  close(): Promise<void>;
}

/** Every job of the house. */
export function jobsOf(services: Services): Job<never>[] {
  return [...peopleJobs(services), ...payoutJobs(services), ...roundsJobs(services), ...tallyJobs(services)];
}

/** Builds the app, checks that the database is fit, starts the jobs, listens: who can reach it finds all of it. */
export async function serveApp(config: Config): Promise<Running> {
  const app = await buildApp(config);
  try {
    const unfit = await findUnfitness(app.services.db).catch((error: Error) => `it cannot be reached (${error.message})`);
    if (unfit) throw new CannotServe(`The database cannot be used: ${unfit}.`);
    await app.ready();
    await app.services.queue.start(jobsOf(app.services), app.services.clock);
    await wakeRounds(app.services);
    await listen(app, config);
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address();
  let closing: Promise<void> | undefined;
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    close: () => (closing ??= app.close()),
  };
}

async function listen(app: WebApp, { host, port }: Config): Promise<void> {
  await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code === 'EADDRINUSE') throw new CannotServe(`Port ${port} is taken by another program; set PORT to a free one.`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new CannotServe(`${host}:${port} cannot be listened on (${code}); set HOST and PORT.`);
    throw error;
  });
}
