/** `pnpm check-ledger`: proves every invariant of the money on the live database. `--help` says the rest. */
import { parseArgs } from 'node:util';
import { connectOwner } from '@commonpot/db/migrate';
import { invariants } from '@commonpot/server/invariants';
import { prove, type Proof } from '@commonpot/server/money/proof';
import { openEnvironment } from './lib/environment.ts';
import { run, Stop } from './lib/entry.ts';
import { startProgress } from './lib/progress.ts';

const HELP = `pnpm check-ledger [--json]

Proves every invariant of the money on the live database, at one moment and while it works: the embedded one in
.commonpot/, or the one that DATABASE_URL names. It connects as the owner of the tables, because it looks at what the
application may not even read, and goes from fund to fund, because even the owner sees one fund at a time.

  --json   one JSON object: ok, funds, seconds, invariants (name, sentence, holds, broken, examples)

Leaves with 1 where an invariant does not hold, and names it.`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) return console.log(HELP);
  const start = performance.now();
  const environment = await openEnvironment();
  try {
    const client = await connectOwner(environment.config.databaseUrl);
    try {
      const { rows: [found] } = await client.query<{ ready: boolean }>(`select to_regclass('transfer') is not null as ready`);
      if (!found?.ready) throw new Stop('This database has no ledger yet. Run: npx --yes pnpm@12.21.0 start');
      const progress = startProgress('Proving', invariants.length);
      let asked = 0;
      const { funds, proofs } = await prove(client, invariants, () => progress.to((asked += 1)));
      progress.end();
      report(funds, proofs, (performance.now() - start) / 1000, values.json);
    } finally {
      await client.end();
    }
  } finally {
    await environment.close();
  }
}

function report(funds: number, proofs: Proof[], seconds: number, json: boolean): void {
  const failed = proofs.filter((proof) => !proof.holds);
  if (failed.length > 0) process.exitCode = 1;
  if (json) return console.log(JSON.stringify({ ok: failed.length === 0, funds, seconds: Number(seconds.toFixed(2)), invariants: proofs }));
  for (const { name, sentence, holds, broken, examples } of proofs) {
    console.log(`${holds ? 'ok    ' : 'BROKEN'} ${name.padEnd(26)} ${sentence}`);
    for (const example of examples) console.log(`         ${JSON.stringify(example)}`);
    if (broken > examples.length) console.log(`         and ${broken - examples.length} more`);
  }
  const inFunds = funds === 1 ? 'one fund' : `${funds} funds`;
  console.log(failed.length === 0
    ? `\nThe ledger is proven: ${proofs.length} invariants hold in ${inFunds} (${seconds.toFixed(1)} s).`
    : `\nNot proven: ${failed.map((proof) => proof.name).join(', ')}.`);
}

await run(main);
