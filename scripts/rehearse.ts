/** `pnpm rehearse FILE.pb`: runs a real election through the real API, from a pledge to a redeemed voucher. `--help` says the rest. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPabulib } from '@commonpot/server/votes/counting/pabulib';
import { chooseRule, type ChosenRule } from './lib/count/rule.ts';
import { problemText } from './lib/count/words.ts';
import { run, Stop } from './lib/entry.ts';
import { makePlan } from './lib/rehearse/plan.ts';
import { rehearse } from './lib/rehearse/story.ts';
import { openStage } from './lib/rehearse/stage.ts';

const HELP = `pnpm rehearse FILE.pb [--voters N] [--projects N] [--rule NAME or FILE] [--publish FOLDER] [--json]

Sets up a fund and a round from a Pabulib file on a server and a database of its own, gives every voter a printed code,
casts every ballot over HTTP (one sign-in and one cast each; projects approved, points, rankings), closes, counts, draws
the lot where a tie needs it, seals, compares with the file's own result, awards,
pays the first project's first stage, issues a voucher and redeems it in two parts, and proves the ledger.

  --voters N        only the first N ballots of the file
  --projects N      only the first N projects of the file; ballots keep what is left of them
  --rule            counts by another rule than the file's: a name (pnpm count --help lists them) or a rule.json
  --publish FOLDER  puts the round's published folder there (it must not exist yet) and checks it with pnpm verify
  --json            nothing but the one JSON object: ballots, seconds, casts_per_second, winners, lot, selected, identical, ledger, published`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { voters: { type: 'string' }, projects: { type: 'string' }, rule: { type: 'string' }, publish: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  const [path] = positionals;
  if (!path || positionals.length > 1) throw new Stop(`Give one file.\n\n${HELP}`);
  const reading = readPabulib(readFile(path));
  if (!reading.ok) throw new Stop(reading.problems.map((problem) => `line ${problem.line}: ${problemText(problem)}`).join('\n'));
  const plan = makePlan(reading.file, { voters: readNumber(values.voters), projects: readNumber(values.projects), rule: readRule(values.rule) });
  if (typeof plan === 'string') throw new Stop(plan);

  if (values.publish !== undefined && existsSync(values.publish)) throw new Stop(`${values.publish} is there already: name a folder that is not.`);

  const stage = await openStage(values.publish ?? null);
  try {
    const result = await rehearse(stage, plan, (line) => {
      if (!values.json) console.error(line);
    });
    console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
    if (result.identical === false || result.ledger !== 'proven' || result.published?.verified === false) process.exitCode = 1;
  } finally {
    await stage.close();
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Stop(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function readRule(argument: string | undefined): ChosenRule | undefined {
  try {
    return chooseRule(argument);
  } catch (error) {
    throw new Stop((error as Error).message);
  }
}

function readNumber(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Stop(`${text} is not a number of voters or projects.`);
  return Number(text);
}

await run(main);
