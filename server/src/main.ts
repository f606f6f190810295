/** The process: one app, one socket, the jobs beside it. Ends cleanly on Ctrl-C and SIGTERM. */
import { buildApp } from './app.ts';
import { payoutJobs } from './payouts/jobs.ts';
import { peopleJobs } from './people/jobs.ts';
import type { Config } from './platform/config.ts';
import { findUnfitness } from './platform/health.ts';
import type { Job } from './platform/jobs.ts';
import type { Services } from './platform/services.ts';
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

/** Builds the app, checks that the database is fit, listens, starts the jobs. */
export async function serveApp(config: Config): Promise<Running> {
  const app = await buildApp(config);
  const unfit = await findUnfitness(app.services.db).catch((error: Error) => `it cannot be reached (${error.message})`);
  if (unfit) {
    await app.close();
    throw new CannotServe(`The database cannot be used: ${unfit}.`);
  }
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new CannotServe(`Port ${config.port} is taken by another program; set PORT to a free one.`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new CannotServe(`${config.host}:${config.port} cannot be listened on (${code}); set HOST and PORT.`);
    throw error;
  }
  await app.services.queue.start(jobsOf(app.services), app.services.clock);
  await wakeRounds(app.services);
  const address = app.server.address();
  let closing: Promise<void> | undefined;
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    close: () => (closing ??= app.close()),
  };
}
