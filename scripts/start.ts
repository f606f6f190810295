/** `pnpm start`: everything from a clean clone to a served address. */
import { migrate } from '@commonpot/db/migrate';
import { serveApp } from '@commonpot/server/main';
import { buildWeb } from './lib/build-web.ts';
import { run } from './lib/entry.ts';
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
The README names the rest.`;

async function start(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const environment = await openEnvironment();
  const { config } = environment;
  const leave = () => environment.close();
  try {
    await migrate(config.databaseUrl);
    await buildWeb();
    const people = config.demonstration ? await seedDemonstration(config) : [];
    const running = await serveApp(config);
    let ending = false;
    const end = async (): Promise<void> => {
      if (ending) return;
      ending = true;
      await running.close();
      await leave();
      process.exit(0);
    };
    process.on('SIGINT', () => void end());
    process.on('SIGTERM', () => void end());
    console.log(`Commonpot is at ${config.publicUrl}`);
    if (people.length > 0) {
      console.log(`\nThis is a demonstration. Sign in as one of these; the code lands at ${config.publicUrl}/outbox\n`);
      for (const { address, who } of people) console.log(`  ${address.padEnd(28)} ${who}`);
    }
  } catch (error) {
    await leave();
    throw error;
  }
}

await run(start);
