/** `pnpm worker`: the jobs in a process of their own, beside apps that were started with RUN_JOBS=false. */
import { migrate } from '@commonpot/db/migrate';
import { runWorker } from '@commonpot/server/worker';
import { listenForEnd } from './lib/ending.ts';
import { run } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';

const HELP = `pnpm worker

Runs the jobs (messages, dates, counts, expiry) and serves no pages, on the same settings as pnpm start. One is enough;
several share the work. Start the apps with RUN_JOBS=false.`;

async function work(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const ending = listenForEnd();
  const environment = await openEnvironment();
  try {
    await migrate(environment.config.databaseUrl);
    if (ending.asked) return;
    const running = await runWorker(environment.config);
    console.log('The worker runs the jobs.');
    await ending.end;
    await running.close();
  } finally {
    await environment.close();
  }
}

await run(work);
process.exit();
