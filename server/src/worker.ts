/** The worker: the jobs in a process of their own, beside apps that run with RUN_JOBS=false. It serves nothing but its admin port. */
import { buildApp } from './app.ts';
import { runApp, startJobs, type Running } from './main.ts';
import type { Config } from './platform/config.ts';

/** Runs the jobs until `close`, which lets those under way finish. */
export async function runWorker(config: Config): Promise<Running> {
  return runApp(await buildApp(config, { pages: false }), startJobs);
}
