/** The count: the lot, the Pabulib file, the outcome and its steps. */
import type { Election } from '../counting/election.ts';
import type { Outcome } from '../counting/outcome.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import { laterDraw, MARGIN_HOURS, readAwaited } from '../../rounds/draws/beacon.ts';
import { findBeaconFault } from '../../rounds/draws/signature.ts';
import { lotCommitment, lotSeed } from './bytes.ts';
import { electionOf, pabulibOf, recount, WRITINGS } from './election.ts';
import { bytesOf, jsonBytes } from './files.ts';
import type { Findings } from './findings.ts';
import type { Counted, Seal, Statement } from './record.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The lot was committed to beforehand, drawn late enough, and its seed made as the protocol says. */
export function checkLot(statement: Statement, seal: Pick<Seal, 'lot' | 'root'>, given: { round: Buffer; networks: readonly BeaconNetwork[] }, findings: Findings): void {
  const { round, networks } = given;
  const { lot: planned, voting } = statement;
  const { lot } = seal;
  if (planned.kind === 'ballot-order') {
    if (lot) findings.add('lot-commitment', 'seal.json: rule.json plans no lot');
    return;
  }
  if (!lot) return findings.add('lot-commitment', 'seal.json: the secret is not revealed');
  const key = Buffer.from(lot.key, 'hex');
  if (lotCommitment(key).toString('hex') !== planned.commitment) findings.add('lot-commitment', 'seal.json');
  if ((lot.draw === null) !== (lot.seed === null)) findings.add('lot-seed', 'seal.json: a draw without a seed, or a seed without a draw');
  checkBeacon(statement, lot.draw, networks, findings);
  if (!lot.draw) return;
  const seed = lotSeed({ round, lotKey: key, root: Buffer.from(seal.root, 'hex'), draw: lot.draw.text });
  if (seed.toString('hex') !== lot.seed) findings.add('lot-seed', 'seal.json');
  const isPlanned = lot.draw.missed.length === 0 ? lot.draw.date === planned.date : lot.draw.missed[0] === planned.date && lot.draw.date > lot.draw.missed.at(-1)!;
  // A draw may be late in its day; a day that ends within 24 hours of the close is surely too early.
  const isLate = Date.parse(lot.draw.date) + DAY_MS >= Date.parse(voting.closes) + DAY_MS;
  if (!isPlanned || !isLate) findings.add('lot-too-early', `seal.json: the draw of ${lot.draw.date}`);
}

type Draw = NonNullable<Seal['lot']>['draw'];

/** The name of the draw that was held: as rule.json has it, or the later value of the beacon that follows from when the last head was signed. Null where none follows. */
export function heldDraw(lot: Statement['lot'], draw: Draw, networks: readonly BeaconNetwork[]): string | null {
  if (lot.kind !== 'draw') return null;
  if (draw?.lastHeadAt === undefined) return lot.name;
  const network = networks.find((each) => each.chain === readAwaited(lot.name)?.chain);
  return (network && laterDraw(network, lot.name, new Date(draw.lastHeadAt))?.name) ?? null;
}

/** Where the draw is by the beacon: the value that was named or follows, of its network, a day or more after the close, on that day and no other. */
function checkBeacon({ lot, voting }: Statement, draw: Draw, networks: readonly BeaconNetwork[], findings: Findings): void {
  if (lot.kind !== 'draw') return;
  const held = heldDraw(lot, draw, networks);
  if (held === null) return findings.add('lot-too-early', 'seal.json: the last head was in time for the value that was named');
  for (const name of new Set([lot.name, held])) {
    const fault = findBeaconFault({ name, result: name === held ? (draw?.text ?? null) : null }, networks);
    if (fault) findings.add(fault, draw ? 'seal.json' : 'rule.json');
  }
  const [named, awaited] = [readAwaited(lot.name), readAwaited(held)];
  if (!named || !awaited) return;
  const isLate = named.at.getTime() >= Date.parse(voting.closes) + MARGIN_HOURS * HOUR_MS && lot.date === dayOf(named.at);
  const isInOrder = !draw || (draw.date === dayOf(awaited.at) && draw.missed.join() === (held === lot.name ? '' : lot.date));
  if (!isLate || !isInOrder) findings.add('lot-too-early', `rule.json: the value of ${awaited.at.toISOString()}`);
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Counts legal ballots again and compares everything that follows from them. The outcome, or null. */
export function checkCount(
  given: { statement: Statement; seal: Pick<Seal, 'lot'>; counted: readonly Counted[]; pabulib: Buffer | null; trace: Buffer | null }, findings: Findings,
): Outcome | null {
  const { statement, seal, counted, pabulib, trace } = given;
  const election: Election = electionOf(statement, counted.map(({ ballot }) => ballot));
  const outcome = recount(statement, election, seal.lot);
  if (outcome.kind === 'needs-lot') {
    findings.add('lot-missing', `projects ${outcome.tied.join(', ')}`);
    return null;
  }
  if (trace && !jsonBytes(outcome).equals(trace)) findings.add(hasWinners(trace, outcome) ? 'trace-differs' : 'outcome-differs', 'trace.json');
  const isWritten = (writing: (typeof WRITINGS)[number]) => pabulib && bytesOf(pabulibOf(statement, election, outcome.winners, writing)).equals(pabulib);
  if (pabulib && !WRITINGS.some(isWritten)) findings.add('pabulib-differs', 'ballots.pb');
  return outcome;
}

function hasWinners(trace: Buffer, outcome: Outcome): boolean {
  try {
    const { winners } = JSON.parse(trace.toString('utf8')) as { winners?: unknown };
    return JSON.stringify(winners) === JSON.stringify(outcome.winners);
  } catch {
    return false;
  }
}
