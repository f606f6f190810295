/** The server of a rehearsal: the whole API and its jobs, without the pages, at which nobody looks. */
import { buildApp } from '@commonpot/server/app';
import { runApp, startJobs } from '@commonpot/server/main';
import { readConfig } from '@commonpot/server/platform/config';
import { listenForEnd } from '../ending.ts';
import { run } from '../entry.ts';

async function serve(): Promise<void> {
  const ending = listenForEnd();
  const config = readConfig(process.env);
  const running = await runApp(await buildApp(config, { pages: false }), async (app) => {
    await startJobs(app);
    await app.listen({ host: config.host, port: config.port });
  });
  await ending.end;
  await running.close();
}

await run(serve);
process.exit();
