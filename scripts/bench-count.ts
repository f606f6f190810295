/** `pnpm bench count`: our Equal Shares against the equalshares.net tool in one run, and how time grows with ballots. */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readPabulib } from '../server/src/votes/counting/pabulib.ts';
import { writePabulib } from '../server/src/votes/counting/pabulib-write.ts';
import { runCounting } from './lib/count/entry.ts';
import { compareRaises } from './lib/count/raises.ts';
import { sampleElection } from './lib/count/sample.ts';

const help = `pnpm bench count [--json] [--fractions] [--svg FILE]

Counts Łódź 2022 by Equal Shares with Add1 here and with the equalshares.net tool, one after the other,
then elections of the same shape from 10,000 to a million ballots. Every count runs in a process of its own.
Then one of few ballots and much money in small units: raises taken at once against a run for every raise.

  PABULIB_DIR            the folder of real elections (default ../shared/pabulib)
  EQUALSHARES_TOOL_DIR   the tool's folder (github.com/equalshares/equalshares-compute-tool at 31f52eed); without it, no comparison
  --fractions            lets the tool count in fractions too (minutes)
  --svg FILE             draws the curve into a file

Leaves with 1 where the winners differ, or the tool in floating point takes less than ten times as long.`;

interface Measured {
  readonly winners: readonly string[];
  readonly parse_ms: number;
  readonly count_ms: number;
  readonly peak_mb?: number;
}

interface Point extends Measured {
  readonly ballots: number;
}

const sizes = [10_000, 31_623, 100_000, 316_228, 1_000_000];
const ratioMin = 10;

function measure(script: string, ...args: string[]): Measured {
  const answer = execFileSync(process.execPath, [join(import.meta.dirname, script), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const measured = JSON.parse(answer) as Measured;
  return { ...measured, winners: [...measured.winners].sort() };
}

function ours(file: string): Measured {
  return measure('count.ts', file, '--rule', 'equal-shares-add1', '--lot', 'id', '--json');
}

function compare(file: string, tool: string, withFractions: boolean) {
  const mine = ours(file);
  const floats = measure('lib/count/tool.ts', tool, file, 'floats');
  const fractions = withFractions ? measure('lib/count/tool.ts', tool, file, 'fractions') : undefined;
  const same = [floats, fractions].every((other) => !other || JSON.stringify(other.winners) === JSON.stringify(mine.winners));
  return { mine, floats, fractions, same, ratio: floats.count_ms / mine.count_ms };
}

function curve(file: string): Point[] {
  const reading = readPabulib(readFileSync(file));
  if (!reading.ok) throw new Error(`${file} is malformed`);
  const folder = mkdtempSync(join(tmpdir(), 'bench-count-'));
  try {
    return sizes.map((ballots, index) => {
      process.stderr.write(`\r[${index + 1}/${sizes.length}] ${ballots.toLocaleString('en')} ballots   `);
      const sample = join(folder, `${ballots}.pb`);
      writePieces(sample, writePabulib(sampleElection(reading.file.election, ballots)));
      return { ballots, ...ours(sample) };
    });
  } finally {
    process.stderr.write('\n');
    rmSync(folder, { recursive: true });
  }
}

/** Some thousand pieces at a time: one by one is slow, all at once is large. */
function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w');
  let batch: string[] = [];
  for (const piece of pieces) {
    if (batch.push(piece) < 10_000) continue;
    writeSync(file, batch.join(''));
    batch = [];
  }
  writeSync(file, batch.join(''));
  closeSync(file);
}

/** Both axes logarithmic, so that a straight line at 45 degrees is time in proportion to ballots. */
function svgOf(points: readonly Point[]): string {
  const x = (ballots: number) => 60 + (Math.log10(ballots) - 4) * 220;
  const y = (ms: number) => 260 - (Math.log10(ms) - 1) * 60;
  const line = (name: string, colour: string, value: (point: Point) => number) => `
  <polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => `${x(point.ballots)},${y(value(point))}`).join(' ')}"/>
  <text x="${x(1e6) + 8}" y="${y(value(points.at(-1)!)) + 4}" fill="${colour}">${name}</text>`;
  const columns = [4, 5, 6].map((power) => `<text x="${x(10 ** power)}" y="285" text-anchor="middle">${(10 ** power).toLocaleString('en')}</text>`);
  const rows = [1, 2, 3, 4].map((power) => `<path d="M60 ${y(10 ** power)}H500" stroke="#ccc"/><text x="52" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power / 1000} s</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 310" font-family="sans-serif" font-size="12" role="img" aria-label="Time to read and to count by number of ballots">
  ${[...rows, ...columns].join('\n  ')}${line('read', '#888', (point) => point.parse_ms)}${line('count', '#06c', (point) => point.count_ms)}
  <text x="280" y="303" text-anchor="middle">ballots</text>
</svg>
`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function main(): number {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, fractions: { type: 'boolean' }, svg: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const file = join(resolve(process.env['PABULIB_DIR'] ?? '../shared/pabulib'), 'Poland_Lodz_2022.pb');
  if (!existsSync(file)) throw new Error(`no ${file}; PABULIB_DIR names the folder of real elections`);
  const tool = process.env['EQUALSHARES_TOOL_DIR'];
  const comparison = tool ? compare(file, tool, values.fractions ?? false) : undefined;
  const points = curve(file);
  const raises = compareRaises();
  if (values.svg) writeFileSync(values.svg, svgOf(points));
  if (values.json) console.log(JSON.stringify({ comparison, curve: points.map(({ winners, ...point }) => ({ ...point, winners: winners.length })), raises }));
  else {
    if (comparison) {
      const { mine, floats, fractions, ratio, same } = comparison;
      console.log(`Łódź 2022, Equal Shares with Add1: here, exact, ${seconds(mine.count_ms)} and ${mine.peak_mb} MB; the tool in floats ${seconds(floats.count_ms)}${fractions ? `, in fractions ${seconds(fractions.count_ms)}` : ''}`);
      console.log(`${ratio.toFixed(0)} times as fast as the tool in floats; ${same ? 'the same winners' : 'OTHER WINNERS'}`);
    } else console.log('EQUALSHARES_TOOL_DIR is not set: no comparison with the tool.');
    for (const point of points) {
      const bar = '#'.repeat(Math.max(1, Math.round(point.count_ms / (points.at(-1)!.count_ms / 50))));
      console.log(`${point.ballots.toLocaleString('en').padStart(10)} ballots  read ${seconds(point.parse_ms).padStart(8)}  counted ${seconds(point.count_ms).padStart(8)}  ${String(point.peak_mb).padStart(6)} MB  ${bar}`);
    }
    console.log(`${raises.ballots} ballots, ${raises.raises.toLocaleString('en')} raises: at once ${seconds(raises.at_once_ms)}, one by one ${seconds(raises.one_by_one_ms)}, ${raises.ratio.toFixed(0)} times as long; ${raises.same ? 'the same result' : 'ANOTHER RESULT'}`);
  }
  return !raises.same || (comparison && (!comparison.same || comparison.ratio < ratioMin)) ? 1 : 0;
}

await runCounting(main);
