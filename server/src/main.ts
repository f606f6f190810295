/** The process: one app, one socket, the jobs beside it. Ends cleanly on Ctrl-C and SIGTERM. */
import { buildApp } from './app.ts';
import { grantJobs } from './grants/jobs.ts';
import { payoutJobs } from './payouts/jobs.ts';
import { peopleJobs } from './people/jobs.ts';
import { CannotServe } from './platform/cannot-serve.ts';
import type { Config } from './platform/config.ts';
import { findUnfitness } from './platform/health.ts';
import type { Job } from './platform/jobs.ts';
import { countRuns } from './platform/metrics.ts';
import { pictureJobs } from './platform/pictures/jobs.ts';
import type { Services, WebApp } from './platform/services.ts';
import { roundsJobs, wakeRounds } from './rounds/jobs.ts';
import { voteJobs } from './votes/jobs.ts';

export interface Running {
  /** Where it listens. */
  port: number;
  /** Stops taking requests, finishes those in flight, then closes the database. Calling it twice is fine. */
  close(): Promise<void>;
}

/** Every job of the house. */
export function jobsOf(services: Services): Job<never>[] {
  return [...pictureJobs(services), ...peopleJobs(services), ...payoutJobs(services), ...roundsJobs(services), ...grantJobs(services), ...voteJobs(services)];
}

/** Builds the app, checks that the database is fit, starts the jobs, listens: who can reach it finds all of it. */
export async function serveApp(config: Config): Promise<Running> {
  return runApp(await buildApp(config), async (app) => {
    if (config.runJobs) await startJobs(app);
    await takePort(app.listen({ host: config.host, port: config.port }), 'PORT', config.host, config.port);
  });
}

/** Checks the database, gets the app ready, opens the admin port, and begins the work; closes everything when one of them fails. */
export async function runApp(app: WebApp, begin: (app: WebApp) => Promise<void>): Promise<Running> {
  const { config, db } = app.services;
  try {
    const unfit = await findUnfitness(db).catch((error: Error) => `it cannot be reached (${error.message})`);
    if (unfit) throw new CannotServe(`The database cannot be used: ${unfit}.`);
    await app.ready();
    await takePort(app.openAdmin(), 'ADMIN_PORT', config.adminHost, config.adminPort);
    await begin(app);
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

/** Runs every job of the house in this process, and looks for what fell due while nothing ran. */
export async function startJobs(app: WebApp): Promise<void> {
  await app.services.queue.start(countRuns(jobsOf(app.services), app.metrics), app.services.clock);
  await wakeRounds(app.services);
}

async function takePort(listening: Promise<unknown>, setting: string, host: string, port: number | null): Promise<void> {
  await listening.catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code === 'EADDRINUSE') throw new CannotServe(`Port ${port} is taken by another program; set ${setting} to a free one.`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new CannotServe(`${host}:${port} cannot be listened on (${code}); set ${setting.replace('PORT', 'HOST')} and ${setting}.`);
    throw error;
  });
}
