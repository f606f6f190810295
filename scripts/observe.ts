/** `pnpm observe ROUND`: an observer checks a small round with its ballots and signs the seal. `--help` says the rest. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCounting } from './lib/count/entry.ts';
import { observe, readObserverKey, type Send } from './lib/observing.ts';
import { linesOf, printable } from './lib/verify/words.ts';

const HELP = `pnpm observe ADDRESS [--key FILE] [--sign] [--save FOLDER]

For an observer of a vote with fewer than 100 counted ballots. ADDRESS is the round's page (https://…/f/FUND/rounds/ROUND).
Asks for the ballots with the key from pnpm observer-key, checks everything, counts again, and says what was found.
What you see stays with you: so few ballots must not be passed on.

  --key   the key's file (observer.key)
  --sign  where every promise holds, sign the seal and hand the signature in; the result is published once all have signed
  --save  keep the folder with its ballots here, to look at; delete it afterwards

Leaves with 1 where a promise is broken, and with 2 where the round cannot be reached or does not take the key.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', default: 'observer.key' }, sign: { type: 'boolean', default: false }, save: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  const [address] = positionals;
  if (values.help || address === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const send = sendTo(address);
  const { verdict, files, note } = await observe(send, readObserverKey(readFileSync(values.key, 'utf8')), new Date());
  for (const line of linesOf(verdict)) console.log(printable(line));
  if (values.save !== undefined) save(files, values.save);
  if (note === null) {
    console.log('Not signed: say publicly what was found.');
    return 1;
  }
  if (!values.sign) {
    console.log('Nothing is signed yet. Look at what was funded, compare it with what you know, and run this again with --sign.');
    return 0;
  }
  await send('/observing/signatures', { note });
  console.log('Signed, and handed in.');
  return 0;
}

/** The round's part of the API, from the address of its page. */
function sendTo(address: string): Send {
  const url = new URL(address);
  const [, fund, round] = /^\/f\/([a-z0-9-]+)\/rounds\/([a-z0-9-]+)(?:\/|$)/.exec(url.pathname) ?? [];
  if (!fund || !round) throw new Error(`${printable(address)} is no round’s page: it ends in /f/FUND/rounds/ROUND.`);
  return async (path, body) => {
    const answer = await fetch(new URL(`/api/v1/funds/${fund}/rounds/${round}${path}`, url.origin), {
      ...(body && { method: 'POST', body: JSON.stringify(body) }), headers: { origin: url.origin, ...(body && { 'content-type': 'application/json' }) }, redirect: 'error',
    }).catch((error: Error) => {
      throw new Error(`${url.origin} cannot be reached: ${(error.cause as { code?: string } | undefined)?.code ?? error.message}`);
    });
    const value = (await answer.json()) as { title?: string };
    if (!answer.ok) throw new Error(`The round answers: ${printable(value.title ?? String(answer.status))}`);
    return value;
  };
}

/** The paths are the server's words: each stays inside the folder. */
function save(files: ReadonlyMap<string, Buffer>, folder: string): void {
  for (const [path, bytes] of files) {
    if (!/^(?:codes\/)?[A-Za-z0-9][\w-]*\.\w+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes, { mode: 0o600 });
  }
}

await runCounting(main);
