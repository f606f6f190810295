/** The ballots: every leaf opened or withdrawn, every opening true, every counted ballot legal. */
import { ballotBytes, readBallotBytes, voidOf } from '../ballots/protocol.ts';
import { orderLines, specOf, type BallotSpec } from '../ballots/rules.ts';
import { bodyOf, leafOfBody } from './bytes.ts';
import type { Findings } from './findings.ts';
import type { Counted, Statement, Voided } from './record.ts';

type Opened = Pick<Voided, 'leaf'>;

/** Counted and withdrawn together are exactly the log, and none is both. */
export function checkAccounts(leaves: readonly Buffer[], lists: readonly { path: string; entries: readonly Opened[] }[], findings: Findings): void {
  const open = new Map<string, boolean>();
  leaves.forEach((leaf, index) => {
    const name = leaf.toString('latin1');
    if (open.has(name)) findings.add('leaf-twice', `leaves.txt, line ${index + 1}`);
    open.set(name, true);
  });
  for (const { path, entries } of lists) {
    entries.forEach(({ leaf }, index) => {
      const name = leaf.toString('latin1');
      const place = `${path}, line ${index + 1}`;
      if (!open.has(name)) findings.add('leaf-unlogged', place);
      else if (!open.get(name)) findings.add('leaf-both', place);
      if (open.has(name)) open.set(name, false);
      const before = entries[index - 1];
      if (before && Buffer.compare(before.leaf, leaf) > 0) findings.add('entries-unsorted', place);
    });
  }
  leaves.forEach((leaf, index) => {
    if (open.get(leaf.toString('latin1'))) findings.add('leaf-unaccounted', `leaves.txt, line ${index + 1}`);
  });
}

/** Each counted ballot gives its leaf. */
export function checkCounted(counted: readonly Counted[], round: Buffer, findings: Findings): void {
  counted.forEach(({ leaf, void: voidHash, salt, ballot }, index) => {
    if (!leafOfBody(round, voidHash, bodyOf(salt, ballot)).equals(leaf)) findings.add('opening-wrong', `counted.jsonl, line ${index + 1}`);
  });
}

/** Each hidden ballot gives its leaf. */
export function checkHidden(hidden: readonly Pick<Voided, 'leaf' | 'void' | 'body'>[], round: Buffer, findings: Findings): void {
  hidden.forEach(({ leaf, void: voidHash, body }, index) => {
    if (!leafOfBody(round, voidHash, body).equals(leaf)) findings.add('opening-wrong', `hidden.jsonl, line ${index + 1}`);
  });
}

/** Each withdrawn ballot gives its leaf, and its key its void. */
export function checkVoids(voided: readonly Voided[], round: Buffer, findings: Findings): void {
  voided.forEach(({ leaf, void: voidHash, body, voidKey }, index) => {
    const place = `void.jsonl, line ${index + 1}`;
    if (!leafOfBody(round, voidHash, body).equals(leaf)) findings.add('void-wrong', place);
    if (voidKey && !voidOf(voidKey).equals(voidHash)) findings.add('void-key-wrong', place);
  });
}

/** What every voting page holds ballots to. True where all are legal, so that they can be counted. */
export function checkLegal(counted: readonly Counted[], statement: Statement, findings: Findings): boolean {
  const spec = specOf({ ...statement, rule: statement.counting.rule });
  const areas = new Set(['', ...statement.areas]);
  // Most ballots are like some other.
  const verdicts = new Map<string, boolean>();
  let all = true;
  counted.forEach(({ ballot }, index) => {
    const text = ballot.toString('utf8');
    const isLegal = verdicts.get(text) ?? isLegalBallot(ballot, spec, areas);
    verdicts.set(text, isLegal);
    if (isLegal) return;
    all = false;
    findings.add('ballot-illegal', `counted.jsonl, line ${index + 1}`);
  });
  return all;
}

function isLegalBallot(ballot: Buffer, spec: BallotSpec, areas: ReadonlySet<string>): boolean {
  try {
    const { area, lines } = readBallotBytes(ballot);
    const ordered = orderLines(spec, lines, area);
    return typeof ordered !== 'string' && areas.has(area) && ballotBytes(area, ordered).equals(ballot);
  } catch {
    return false;
  }
}
