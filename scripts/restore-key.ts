/** `pnpm restore-key`: puts a round's lost key back from its recovery sheet. `--help` says the rest. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { openDatabase, setScope, within } from '@commonpot/db/client';
import { makeFundFinder } from '@commonpot/server/people/reads';
import { fileKeyStore } from '@commonpot/server/platform/keys';
import { findRound } from '@commonpot/server/rounds/reads';
import { roundKeys, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { lotCommitment } from '@commonpot/server/votes/published/bytes';
import { readSheet } from '@commonpot/server/votes/sealing/sheet';
import { run, Stop } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';

const HELP = `pnpm restore-key FUND ROUND [--json]

Asks for the four rows of the round's recovery sheet (or reads them from a pipe, a row a line), compares them with what
was kept when the sheet was printed, and puts the key into KEYS_FOLDER. A key that is there already stays.`;

const ROWS = 4;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) return console.log(HELP);
  const [fundSlug, roundSlug] = positionals;
  if (!fundSlug || !roundSlug) throw new Stop(`Name the fund and the round.\n\n${HELP}`);
  const environment = await openEnvironment();
  const db = openDatabase(environment.config.databaseUrl, 1);
  try {
    const round = await within(db, {}, async (tx) => {
      const fund = await makeFundFinder()(tx, fundSlug);
      if (!fund) return null;
      await setScope(tx, { fund: fund.id });
      return findRound(tx, fund.id, roundSlug);
    });
    if (!round) throw new Stop(`There is no round ${roundSlug} in a fund ${fundSlug}.`);
    if (round.sealedAt) throw new Stop('This round is sealed: its key was destroyed, and no sheet may bring it back.');
    if (!round.recoveryCheck) throw new Stop('No recovery sheet was printed for this round.');
    const key = readSheet(await readRows());
    if (typeof key === 'number') throw new Stop(`Row ${key} is not right: look for one wrong or missing character.`);
    if (!lotCommitment(roundKeys(key, uuidBytes(round.id)).lot).equals(round.recoveryCheck)) throw new Stop('These rows are of another sheet. Only the newest sheet of a round is good.');
    const keys = fileKeyStore(environment.config.keysFolder);
    await keys.restore(round.id, key);
    if (!(await keys.read(round.id))?.equals(key)) throw new Stop('Another key of this round lies in KEYS_FOLDER already, and was left alone.');
    console.log(values.json ? JSON.stringify({ round: round.id, restored: true }) : 'The key is back. The round goes on where it stood.');
  } finally {
    await db.$client.end();
    await environment.close();
  }
}

async function readRows(): Promise<string[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const rows: string[] = [];
  if (process.stdin.isTTY) while (rows.length < ROWS) rows.push(await terminal.question(`Row ${rows.length + 1}: `));
  else for await (const line of terminal) if (rows.length < ROWS && line.trim() !== '') rows.push(line);
  terminal.close();
  return rows;
}

await run(main);
