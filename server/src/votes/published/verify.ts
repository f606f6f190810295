/** Checks a published folder against everything that it promises. Pure: it sees nothing but the folder. */
import { addressOf, KNOWN_NETWORKS, readAwaited } from '../../rounds/draws/beacon.ts';
import { receiptCode, uuidBytes } from '../ballots/protocol.ts';
import { ruleDigest } from '../counting/digest.ts';
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { Outcome } from '../counting/outcome.ts';
import { checkAccounts, checkCounted, checkHidden, checkLegal, checkVoids } from './check-ballots.ts';
import { checkCount, checkLot, heldDraw } from './check-count.ts';
import { checkHeads, checkReceipts, checkSavedHead, readHeads } from './check-log.ts';
import { checkPages } from './check-pages.ts';
import { checkFiles, checkSealNote, checkTotals } from './check-seal.ts';
import type { DataFile } from './files.ts';
import { Findings } from './findings.ts';
import { verifierKey } from './note.ts';
import { checkHallOrder, hasHall } from './hall.ts';
import { hexLine, makeReader, readCounted, readHidden, readJson, readLines, readVoid, type Read } from './reading.ts';
import { hallOrderSchema, SMALLEST_CROWD, sealSchema, statementSchema, type Seal } from './record.ts';
import type { Asked, Facts, Note, Parts, ReceiptAnswer, Verdict } from './verdict.ts';

/** Checks everything; never throws over what the folder holds. */
export async function verifyFolder(read: Read, asked: Asked = {}): Promise<Verdict> {
  const findings = new Findings();
  const verdict: Verdict = { findings: [], notes: [], facts: null, receipts: [] };
  try {
    await check(read, asked, findings, verdict);
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
    findings.add('unexpected', error.message);
  }
  return { ...verdict, findings: findings.all };
}

async function check(read: Read, asked: Asked, findings: Findings, verdict: Verdict): Promise<void> {
  const reader = makeReader(read, findings);
  const bytes = new Map<DataFile, Buffer>();
  for (const path of ['rule.json', 'seal.json', 'seal.txt', 'leaves.txt', 'heads.txt', 'receipts.txt', 'void.jsonl', 'trace.json'] as const) {
    const found = await reader.file(path);
    if (found) bytes.set(path, found);
  }
  const ruleJson = bytes.get('rule.json');
  const statement = ruleJson ? readJson('rule.json', ruleJson, statementSchema, findings) : null;
  const sealJson = bytes.get('seal.json');
  const seal = sealJson ? readJson('seal.json', sealJson, sealSchema, findings) : null;
  for (const path of seal?.totalsOnly ? (['hidden.jsonl'] as const) : (['counted.jsonl', 'ballots.pb'] as const)) {
    const found = await reader.file(path);
    if (found) bytes.set(path, found);
  }
  // What observers are given of a small round, and why one of them has not signed.
  for (const path of seal?.totalsOnly ? (['counted.jsonl', 'ballots.pb', 'waived.txt'] as const) : []) {
    const found = await reader.optional(path);
    if (found) bytes.set(path, found);
  }
  const hallJson = hasHall(seal) ? await reader.file('hall.json') : null;
  if (hallJson) bytes.set('hall.json', hallJson);
  if (seal) checkFiles(seal, bytes, findings);
  if (!statement) return;
  const lines = <Parsed>(path: DataFile, parse: (line: string) => Parsed | null) => {
    const found = bytes.get(path);
    return found ? readLines(path, found, parse, findings) : null;
  };
  const leaves = lines('leaves.txt', hexLine(32));
  const parts: Parts = {
    statement, round: uuidBytes(statement.round.id), bytes, seal, leaves: leaves ?? [],
    counted: lines('counted.jsonl', readCounted), hidden: lines('hidden.jsonl', readHidden), voided: lines('void.jsonl', readVoid),
  };
  if (statement.counting.digest !== ruleDigest(statement.counting.rule)) findings.add('rule-digest', 'rule.json');
  checkSealNote(parts, findings, verdict.notes);
  const heads = lines('heads.txt', (line) => line);
  let root: Buffer | null = null;
  if (leaves && heads) root = checkHeads(leaves, readHeads(heads, statement, findings), findings);
  if (root && seal && root.toString('hex') !== seal.root) findings.add('seal-root', 'seal.json');
  const receipts = lines('receipts.txt', hexLine(64));
  if (leaves && receipts) await checkReceipts(leaves, receipts, statement, parts.round, findings);
  if (leaves) checkOpenings(parts, findings);
  const networks = asked.networks ?? KNOWN_NETWORKS;
  const hall = hallJson ? readJson('hall.json', hallJson, hallOrderSchema, findings) : null;
  if (hall) checkHallOrder(hall, { statement, round: parts.round, networks }, findings);
  const outcome = checkOutcome(parts, networks, findings);
  await checkPages(parts, reader, asked.listed, findings);
  verdict.notes.push(...notesOf(parts, networks), ...(hall ? [{ name: 'hall-order' as const, how: hall.announced.how, order: hall.drawn?.order ?? null }] : []));
  if (asked.savedHead !== undefined) {
    const head = checkSavedHead(asked.savedHead, statement, parts.leaves, findings);
    if (head) verdict.notes.push({ name: 'saved-head', size: head.size });
  }
  if (asked.receipt) verdict.receipts = await answerReceipt(parts, asked.receipt);
  if (seal) verdict.facts = factsOf(parts, seal, outcome);
}

function checkOpenings(parts: Parts, findings: Findings): void {
  const { leaves, counted, hidden, voided, round, seal } = parts;
  const lists = [{ path: 'counted.jsonl', entries: counted }, { path: 'hidden.jsonl', entries: hidden }].flatMap(({ path, entries }) => (entries ? [{ path, entries }] : []));
  for (const list of voided ? lists : []) checkAccounts(leaves, [list, { path: 'void.jsonl', entries: voided! }], findings);
  const [opened] = lists;
  if (counted) checkCounted(counted, round, findings);
  if (hidden) checkHidden(hidden, round, findings);
  if (voided) checkVoids(voided, round, findings);
  if (seal && opened && voided) checkTotals(seal, leaves.length, opened.entries.length, voided, findings);
  if (seal && opened && seal.totalsOnly !== (opened.entries.length < SMALLEST_CROWD)) findings.add('totals-only-wrong', 'seal.json');
}

function checkOutcome(parts: Parts, networks: readonly BeaconNetwork[], findings: Findings): Outcome | null {
  const { statement, seal, counted, bytes, round } = parts;
  if (seal) checkLot(statement, seal, { round, networks }, findings);
  if (!counted || !checkLegal(counted, statement, findings) || !seal) return null;
  return checkCount({ statement, seal, counted, pabulib: bytes.get('ballots.pb') ?? null, trace: bytes.get('trace.json') ?? null }, findings);
}

function notesOf({ statement, seal, counted, voided }: Parts, networks: readonly BeaconNetwork[]): Note[] {
  const notes: Note[] = [];
  if (seal?.totalsOnly) notes.push({ name: 'totals-only', hasBallots: counted !== null });
  for (const why of ['no-key', 'other-key', 'voted-on-paper', 'struck'] as const) {
    const ballots = voided?.filter((entry) => entry.why === why).length ?? 0;
    if (ballots > 0) notes.push({ name: 'voided-without-key', ballots, why });
  }
  if (statement.log.mirrors.length === 0) notes.push({ name: 'no-mirrors' });
  const draw = seal?.lot?.draw ?? null;
  if (draw?.lastHeadAt !== undefined) notes.push({ name: 'closed-late', lastHeadAt: draw.lastHeadAt });
  else if (draw && draw.missed.length > 0) notes.push({ name: 'draws-missed', dates: draw.missed });
  const awaited = draw && readAwaited(heldDraw(statement.lot, draw, networks) ?? '');
  if (awaited) notes.push({ name: 'beacon-drawn', round: awaited.round, at: awaited.at.toISOString(), address: addressOf(awaited) });
  return notes;
}

function factsOf({ statement, leaves, voided }: Parts, seal: Seal, outcome: Outcome | null): Facts {
  const { log, round, counting } = statement;
  return {
    title: round.title, origin: log.origin, key: verifierKey({ name: log.origin, publicKey: Buffer.from(log.publicKey, 'hex') }), ruleDigest: counting.digest,
    size: leaves.length, root: seal.root, counted: seal.counted, voided: voided?.length ?? 0, winners: outcome?.winners ?? null,
  };
}

async function answerReceipt(parts: Parts, asked: NonNullable<Asked['receipt']>): Promise<ReceiptAnswer[]> {
  const isAsked = 'code' in asked ? (leaf: Buffer) => receiptCode(leaf).replaceAll('-', '') === asked.code : (leaf: Buffer) => leaf.equals(asked.leaf);
  const given = 'leaf' in asked ? asked : null;
  const scratch = new Findings();
  if (given?.signature) await checkReceipts([given.leaf], [given.signature], parts.statement, parts.round, scratch);
  const isSigned = given?.signature ? scratch.all.length === 0 : null;
  const counted = (parts.counted ?? parts.hidden ?? []).filter(({ leaf }) => isAsked(leaf)).map(({ leaf }) => ({ fate: 'counted' as const, leaf: leaf.toString('hex'), isSigned }));
  const voided = (parts.voided ?? []).filter(({ leaf }) => isAsked(leaf)).map(({ leaf, why }) => ({ fate: why, leaf: leaf.toString('hex'), isSigned }));
  const found = [...counted, ...voided];
  return found.length > 0 ? found : [{ fate: 'absent', leaf: given?.leaf.toString('hex') ?? null, isSigned }];
}
