/** `pnpm lint`: rules, types, pages and circles of imports. */
import { buildWeb } from './lib/build-web.ts';
import { describeCheck, runChecks } from './lib/checks.ts';
import { run, Stop } from './lib/entry.ts';

const HELP = `pnpm lint [--json]
Checks the house without running it: eslint with the floors, tsc, svelte-check, circles of imports.
Leaves with 1 when one of them finds something. --json prints one object at the end.`;

async function lint(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const isJson = process.argv.includes('--json');
  const results = await runChecks(buildWeb(), (result) => {
    if (!isJson) console.log(describeCheck(result));
  });
  const failed = results.filter((result) => result.fault !== '').map((result) => result.name);
  if (isJson) console.log(JSON.stringify({ ok: failed.length === 0, checks: results }));
  if (failed.length > 0) throw new Stop(`Lint found something in ${failed.join(', ')}.`);
}

await run(lint);
