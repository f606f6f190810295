/** `pnpm dev`: the server again, and the pages built again, after every change to them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { join, sep } from 'node:path';
import { run } from './lib/entry.ts';
import { root } from './lib/root.ts';

const HELP = `pnpm dev
Like pnpm start, and again after every change to server, db, migrations, scripts or web.
The pages are the built ones, because only those have the content security policy that people get.`;

const FOLDERS = ['server/src', 'db/src', 'migrations', 'scripts', 'web/src', 'web/messages', 'web/static'];
/** Written by the build itself. */
const MADE = join('lib', 'paraglide') + sep;

function startServer(): ChildProcess {
  // A session of its own, so that Ctrl-C comes to it once, from here.
  return spawn(process.execPath, [join(root, 'scripts/start.ts')], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

async function dev(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  let server = startServer();
  let due: NodeJS.Timeout | undefined;
  let ending = false;

  const restart = (): void => {
    if (ending) return;
    const next = (): void => void (server = startServer());
    if (server.exitCode !== null) return next();
    server.once('close', next).kill('SIGTERM');
  };
  const watchers = FOLDERS.map((folder) => watch(join(root, folder), { recursive: true }, (_event, file) => {
    if (file?.startsWith(MADE)) return;
    clearTimeout(due);
    due = setTimeout(restart, 200);
  }));
  const end = (): void => {
    ending = true;
    clearTimeout(due);
    for (const watcher of watchers) watcher.close();
    server.kill('SIGTERM');
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

await run(dev);
