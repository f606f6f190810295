/** `pnpm observer-key NAME`: makes an observer's key on their own machine. `--help` says the rest. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { observerLine } from '../server/src/votes/published/observer.ts';
import { runCounting } from './lib/count/entry.ts';
import { makeObserverKey, readObserverKey } from './lib/observing.ts';

const HELP = `pnpm observer-key NAME [--out FILE]

For an observer of a vote, on their own machine: makes a key, keeps its private half in FILE (observer.key), readable by
you alone, and prints one line to give to those who run the vote, before voting opens. Keep the file; it never leaves you.
A file that is there already is left alone.`;

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string', default: 'observer.key' }, help: { type: 'boolean', short: 'h', default: false } } });
  const name = positionals.join(' ').trim();
  if (values.help || name === '' || name.length > 120 || /[\p{Cc}]|ed25519/u.test(name)) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const pem = makeObserverKey();
  writeFileSync(values.out, pem, { flag: 'wx', mode: 0o600 });
  console.error(`The key lies in ${values.out}. Give this line to those who run the vote:`);
  console.log(observerLine(name, readObserverKey(pem).publicKey));
  return 0;
}

await runCounting(main);
