/** `pnpm simulate NAME`: a seeded trial of the whole product. `--help` says the rest. */
import { run, Stop } from './lib/entry.ts';
import { simulateGrants } from './lib/simulate/grants.ts';
import { readWish } from './lib/simulate/wish.ts';

const HELP = `pnpm simulate grants [--requests N] [--weeks N] [--seed N] [--json]

Plays a year of a solidarity fund on the real product: the app with a clock that is moved, a PostgreSQL of its own, and HTTP.
People ask in a rolling round and in windows that are drawn, for a quarter of which there is money; they send twice, lose their
line, ask under another name, for themselves while they decide, and again too soon; administrators press at the same instant,
twice, and on their own; payments fail, come back and are never claimed. Then a judge that knows nothing of the product's code
reads the event record and the ledger, measures every limit of the charter anew, holds every draw again, and compares the
chances of first-time askers with what their tickets promise.

  --requests N   requests that are taken in (10000; at least 20)
  --weeks N      weeks that they are spread over (52; 1 to 104)
  --seed N       what the year follows from (1): who asks when, for how much, and what goes wrong. Not its references, which the
                 server draws, and so not the order of a draw; nor which of two wins that press at the same instant
  --json         nothing but one line: requests, awards, rules_broken, paid_twice, draws, draws_rerun_same, first_time_share
                 {asked, expected, got, deviations}, seconds, broken, unexpected, seconds_in

Leaves with 1 when a rule was broken, somebody was paid twice, a draw came to another order, or an answer was not expected.
DATABASE_URL may name an empty database to use instead.`;

async function main(): Promise<void> {
  const wish = readWish(process.argv.slice(2));
  if (typeof wish === 'string') throw new Stop(`${wish}\n\n${HELP}`);
  if (wish.help) return console.log(HELP);
  const { size, json } = wish;
  const result = await simulateGrants(size, process.env.DATABASE_URL || undefined);
  console.log(JSON.stringify(result, null, json ? undefined : 2));
  const isFine = result.rules_broken === 0 && result.paid_twice === 0 && result.draws_rerun_same && result.requests === size.requests && Object.keys(result.unexpected).length === 0;
  if (!isFine) process.exitCode = 1;
}

await run(main);
