/** Sealed rounds out of a seed: real enough in shape (batches, replaced, struck and paper ballots), small enough to make hundreds. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { ballotBytes, leafOf, uuidBytes, voidOf, type BallotLine } from '../../server/src/votes/ballots/protocol.ts';
import { givesPoints, orderLines, specOf } from '../../server/src/votes/ballots/rules.ts';
import { ruleDigest } from '../../server/src/votes/counting/digest.ts';
import { presets } from '../../server/src/votes/counting/presets.ts';
import type { Rule } from '../../server/src/votes/counting/rule.ts';
import { bodyOf, lotCommitment, lotSeed } from '../../server/src/votes/published/bytes.ts';
import { hideSmall } from '@commonpot/server/votes/sealing/figures';
import { electionOf, recount } from '../../server/src/votes/published/election.ts';
import { checkpoint, publicKeyBytes, type Sign } from '../../server/src/votes/published/note.ts';
import type { Counted, SealedRound, Statement, Voided, VoidWhy } from '../../server/src/votes/published/record.ts';
import { rootOf } from '../../server/src/votes/published/tree.ts';

export interface Wanted {
  seed: number;
  counted: number;
  voided?: Partial<Record<VoidWhy, number>>;
  projects?: number;
  rule?: Rule;
  form?: Statement['ballotForm'];
  /** Leaves in each batch but the last, which takes the rest. */
  batches?: number[];
  spoiledPaper?: number;
  areas?: string[];
  observers?: Statement['observers'];
  /** Some ballots, where the random ones will not do. */
  ballots?: readonly (readonly string[])[];
  lot?: 'draw' | 'ballot-order';
}

export const KEY = keyFrom(7);

export function keyFrom(byte: number): { sign: Sign; publicKey: Buffer } {
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]), format: 'der', type: 'pkcs8' });
  return { sign: (message) => sign(null, message, key), publicKey: publicKeyBytes(createPublicKey(key)) };
}

/** Bytes that the seed decides, whatever else is drawn in between. */
export function drawn(seed: number, ...names: (string | number)[]): Buffer {
  return createHash('sha256').update([seed, ...names].join('/')).digest();
}

const LOT_KEY = Buffer.alloc(32, 5);

function makeStatement(wanted: Wanted): Statement {
  const { seed, projects = 8, areas = [], form = { kind: 'up-to', k: 4 }, rule = presets.greedy, observers = [] } = wanted;
  const id = uuidOf(drawn(seed, 'round'));
  const costs = Array.from({ length: projects }, (_, index) => 1000 + (drawn(seed, 'cost', index).readUInt16BE(0) % 90) * 1000 + index);
  return {
    version: 1, host: 'The “Trust” & Friends', fund: 'Street & Green', round: { id, slug: 'spring', title: 'Spring <round> of “2026”' },
    currency: 'GBP', minorPerUnit: 100, budgetMinor: Math.max(Math.ceil(costs.reduce((sum, cost) => sum + cost, 0) / 3), ...costs), areas, ballotForm: form,
    projects: costs.map((costMinor, index) => ({
      number: String(index + 1), title: `Project ${index + 1}: “benches; trees”, ąę`, costMinor, category: index % 3 === 0 ? null : `c${index % 3}`, area: areas[index % (areas.length + 1)] ?? null,
    })),
    counting: { rule, digest: ruleDigest(rule) },
    voting: { opens: '2026-05-01T08:00:00.000Z', closes: '2026-05-08T20:00:00.000Z' },
    log: { origin: `pot.example.org/rounds/${id}`, publicKey: KEY.publicKey.toString('hex'), mirrors: ['https://mirror.example.org/heads'] },
    lot: wanted.lot === 'ballot-order' ? { kind: 'ballot-order' } : { kind: 'draw', commitment: lotCommitment(LOT_KEY).toString('hex'), name: 'The national lottery', date: '2026-05-10' },
    observers,
  };
}

/** The same wish, the same round. */
export function makeRound(wanted: Wanted): SealedRound {
  const statement = makeStatement(wanted);
  const { seed, counted: number, voided: voidWishes = {}, batches = [], spoiledPaper = 0 } = wanted;
  const round = uuidBytes(statement.round.id);
  const counted = Array.from({ length: number }, (_, index) => makeCounted(statement, wanted, round, index));
  const whys = Object.entries(voidWishes).flatMap(([why, times]) => Array.from({ length: times }, () => why as VoidWhy));
  const voided = whys.map((why, index): Voided => {
    const { leaf, void: voidHash, salt, ballot } = makeCounted(statement, wanted, round, number + index);
    return { leaf, void: voidHash, body: bodyOf(salt, ballot), voidKey: why === 'replaced' ? drawn(seed, 'voidkey', number + index) : null, why };
  });
  const shuffled = [...counted, ...voided].map(({ leaf }) => leaf).sort((a, b) => Buffer.compare(drawn(seed, a.toString('hex')), drawn(seed, b.toString('hex'))));
  const leaves: Buffer[] = [];
  const heads: string[] = [];
  for (const size of [...batches, Infinity]) {
    leaves.push(...shuffled.slice(leaves.length, leaves.length + size).sort(Buffer.compare));
    heads.push(checkpoint({ origin: statement.log.origin, size: leaves.length, root: rootOf(leaves) }, KEY.publicKey, KEY.sign));
  }
  return {
    statement, leaves, heads, counted, voided, spoiledPaper, observed: [],
    turnout: { people: number + spoiledPaper, channels: hideSmall([{ name: 'online', people: number }, { name: 'paper', people: spoiledPaper }]).map(({ name, people }) => ({ channel: name, people })) },
    strikes: Array.from({ length: voidWishes.struck ?? 0 }, () => ({ on: '2026-05-11', reason: 'On the roll twice' })),
    lot: lotFor(statement, leaves, counted),
  };
}

function lotFor(statement: Statement, leaves: readonly Buffer[], counted: readonly Counted[]): SealedRound['lot'] {
  if (statement.lot.kind === 'ballot-order') return null;
  const key = LOT_KEY.toString('hex');
  const without = recount(statement, electionOf(statement, counted.map(({ ballot }) => ballot)), { key, draw: null, seed: null });
  if (without.kind === 'decided') return { key, draw: null, seed: null };
  const text = '4 8 15 16 23 42';
  const seed = lotSeed({ round: uuidBytes(statement.round.id), lotKey: LOT_KEY, root: rootOf(leaves), draw: text }).toString('hex');
  return { key, draw: { date: '2026-05-10', text, missed: [] }, seed };
}

function makeCounted(statement: Statement, { seed, ballots }: Wanted, round: Buffer, index: number): Counted {
  const salt = drawn(seed, 'salt', index);
  const voidHash = voidOf(drawn(seed, 'voidkey', index));
  const area = ['', ...statement.areas][drawn(seed, 'area', index)[0]! % (statement.areas.length + 1)]!;
  const ballot = ballotBytes(area, legalLines(statement, { seed, index, area }, ballots?.[index]));
  return { leaf: leafOf(round, voidHash, salt, ballot), void: voidHash, salt, ballot };
}

/** A legal ballot with popular projects on it more often than others; now and then an empty one. */
function legalLines(statement: Statement, { seed, index, area }: { seed: number; index: number; area: string }, wish: readonly string[] | undefined): readonly BallotLine[] {
  const spec = specOf({ ...statement, rule: statement.counting.rule });
  const dice = drawn(seed, 'ballot', index);
  let lines: BallotLine[] = (wish ?? statement.projects.filter((_, place) => dice[place % 32]! < 160 / (1 + place / 4)).map(({ number }) => number)).map((project, place) => ({ project, ...(givesPoints(spec.form) && { points: dice[31 - place]! % 5 }) }));
  if (spec.form.kind === 'ranking') lines.sort((a, b) => Buffer.compare(drawn(seed, index, a.project), drawn(seed, index, b.project)));
  for (;;) {
    const ordered = orderLines(spec, lines, area);
    if (typeof ordered !== 'string') return ordered;
    if (ordered === 'other-area') lines = lines.filter(({ project }) => [null, area].includes(statement.projects.find(({ number }) => number === project)!.area));
    else
    lines = ordered === 'too-few' ? [] : lines.slice(1);
  }
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
