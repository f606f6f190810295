/** `pnpm start`: everything from a clean clone to a served address. */
import { migrate } from '@commonpot/db/migrate';
import { serveApp } from '@commonpot/server/main';
import type { Config } from '@commonpot/server/platform/config';
import { buildWeb } from './lib/build-web.ts';
import { run } from './lib/entry.ts';
import { listenForEnd, type Ending } from './lib/ending.ts';
import { openEnvironment } from './lib/environment.ts';
import { seedDemonstration } from './seed.ts';

const HELP = `pnpm start

Starts Commonpot: PostgreSQL (embedded, unless DATABASE_URL names one), migrations, the pages, the server.
Fills an empty embedded database with a demonstration fund.

Settings, by environment variable:
  PORT           where to listen (3000)
  HOST           which address to listen on (127.0.0.1)
  PUBLIC_URL     the address people type, when it is another (https://…)
  DATABASE_URL   a PostgreSQL 18 of your own; then SECRET is needed too
  STATE_FOLDER   where the embedded PostgreSQL and the keys lie (.commonpot)
  RUN_JOBS       false where pnpm worker runs the jobs (true)
  ADMIN_PORT     where figures for Prometheus are read (nowhere)
docs/operators/run.md names the rest.`;

async function start(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const ending = listenForEnd();
  const environment = await openEnvironment();
  try {
    await serveUntil(ending, environment.config);
  } catch (error) {
    // Ctrl-C reaches the build of the pages too; that it broke off is no news.
    if (!ending.asked) throw error;
  } finally {
    await environment.close();
  }
}

async function serveUntil(ending: Ending, config: Config): Promise<void> {
  await migrate(config.databaseUrl);
  await buildWeb();
  const people = config.demonstration ? await seedDemonstration(config) : [];
  if (ending.asked) return;
  const running = await serveApp(config);
  console.log(`Commonpot is at ${config.publicUrl}`);
  if (people.length > 0) {
    console.log(`\nThis is a demonstration. Sign in as one of these; the code lands at ${config.publicUrl}/outbox\n`);
    for (const { address, who } of people) console.log(`  ${address.padEnd(28)} ${who}`);
  }
  await ending.end;
  await running.close();
}

await run(start);
process.exit();
