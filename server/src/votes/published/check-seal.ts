/** The seal: its signatures, the digests of the files, the totals. */
import { sha256Hex, type DataFile } from './files.ts';
import type { Findings } from './findings.ts';
import { countWhys, observerKeyName, sealText, waiverText } from './folder.ts';
import { openNote, readNote } from './note.ts';
import { SMALLEST_GROUP, VOID_WHYS, type Seal, type Statement, type Voided } from './record.ts';
import type { Note, Parts } from './verdict.ts';

const SEALED: readonly DataFile[] = ['rule.json', 'leaves.txt', 'receipts.txt', 'heads.txt', 'counted.jsonl', 'void.jsonl', 'trace.json'];

/** Every data file is the one whose digest was sealed, and no digest is missing. */
export function checkFiles(seal: Seal, bytes: ReadonlyMap<DataFile, Buffer>, findings: Findings): void {
  const named = new Set(Object.keys(seal.files));
  for (const path of [...SEALED, seal.totalsOnly ? 'hidden.jsonl' : 'ballots.pb'] as const) {
    if (!named.delete(path)) findings.add('file-changed', `${path}: seal.json has no digest of it`);
  }
  named.delete('hall.json');
  for (const path of named) findings.add('file-changed', `seal.json has a digest of ${JSON.stringify(path)}, which is no file of the folder`);
  for (const [path, content] of bytes) {
    if (!Object.hasOwn(seal.files, path) || seal.files[path] === sha256Hex(content)) continue;
    findings.add(path === 'rule.json' ? 'rule-changed' : 'file-changed', path);
  }
}

/** The log's key has signed seal.json, and so has every observer with a key, where the round is too small to show its ballots. */
export function checkSealNote({ statement, bytes, seal }: Parts, findings: Findings, notes: Note[]): void {
  const [sealJson, sealTxt] = [bytes.get('seal.json'), bytes.get('seal.txt')];
  if (!sealJson || !sealTxt) return;
  const { log, observers } = statement;
  const note = sealTxt.toString('utf8');
  const expected = sealText(statement, sealJson);
  const isSignedBy = (name: string, publicKey: string) => openNote(note, { name, publicKey: Buffer.from(publicKey, 'hex') }) === expected;
  if (!isSignedBy(log.origin, log.publicKey) || !Buffer.from(note, 'utf8').equals(sealTxt)) findings.add('seal-signature', 'seal.txt');
  const signatures = readNote(note)?.signatures ?? [];
  const names = new Set(signatures.map(({ name }) => name));
  if (names.size < signatures.length) findings.add('seal-signature', 'seal.txt: somebody signed twice');
  names.delete(log.origin);
  const waived = seal?.totalsOnly ? readWaiver(statement, sealJson, bytes.get('waived.txt'), findings) : null;
  observers.forEach(({ name, publicKey }, index) => {
    const keyName = observerKeyName(log.origin, index);
    if (names.delete(keyName)) {
      if (publicKey && isSignedBy(keyName, publicKey)) notes.push({ name: 'observer-signed', observer: name });
      else findings.add('observer-signature', name);
    } else if (seal?.totalsOnly) {
      if (publicKey && waived !== null) notes.push({ name: 'observer-waived', observer: name, reason: waived });
      else if (publicKey) findings.add('observer-missing', name);
      else notes.push({ name: 'observer-named-only', observer: name });
    }
  });
  if (seal?.totalsOnly && observers.length === 0) notes.push({ name: 'no-observers' });
  for (const name of names) findings.add('observer-signature', `seal.txt: ${name} is no observer of this round`);
}

/** The reason for publishing without a signature, under the log's key; null where there is none. */
function readWaiver({ log }: Statement, sealJson: Buffer, file: Buffer | undefined, findings: Findings): string | null {
  if (!file) return null;
  const text = openNote(file.toString('utf8'), { name: log.origin, publicKey: Buffer.from(log.publicKey, 'hex') });
  const reason = text?.split('\n')[2];
  if (reason && text === waiverText(log.origin, sealJson, reason) && Buffer.from(file.toString('utf8'), 'utf8').equals(file)) return reason;
  findings.add('waiver-wrong', 'waived.txt');
  return null;
}

/** The seal's figures are those of the files, and as many ballots are counted as people voted. */
export function checkTotals(seal: Seal, size: number, counted: number, voided: readonly Voided[], findings: Findings): void {
  const whys = countWhys(voided);
  const figures: [string, number, number][] = [
    ['size', seal.size, size], ['counted', seal.counted, counted], ...VOID_WHYS.map((why): [string, number, number] => [`voided, ${why}`, seal.voided[why], whys[why]]),
  ];
  for (const [what, said, found] of figures) if (said !== found) findings.add('totals-wrong', `seal.json, ${what}: ${said}; in the files: ${found}`);
  const { turnout, spoiledPaper, strikes } = seal;
  if (counted !== turnout.people - spoiledPaper) findings.add('turnout-wrong', `${turnout.people} people, ${spoiledPaper} spoiled, ${counted} counted`);
  checkGroups('channels', turnout.people, turnout.channels.map(({ channel, people }) => ({ name: channel, people })), findings);
  checkGroups('areas', turnout.people, (turnout.areas ?? []).map(({ area, people }) => ({ name: area, people })), findings);
  if (whys.struck > strikes.length) findings.add('strikes-unexplained', `${whys.struck} struck, ${strikes.length} reasons`);
}

/** The groups of the turnout are parts of it, none twice, and nobody is shown in a small one, nor by what is left of the whole. */
function checkGroups(what: string, all: number, groups: readonly { name: string; people: number | null }[], findings: Findings): void {
  if (groups.length === 0) return;
  const shown = groups.flatMap(({ people }) => people ?? []);
  const sum = shown.reduce((total, people) => total + people, 0);
  const hidden = groups.length - shown.length;
  if (hidden === 0 ? sum !== all : sum > all) findings.add('turnout-wrong', `the ${what} add up to ${sum} of ${all}`);
  if (new Set(groups.map(({ name }) => name)).size < groups.length) findings.add('turnout-wrong', `the ${what} name one twice`);
  const follows = shown.length > 0 && hidden > 0 && (hidden === 1 || all - sum < SMALLEST_GROUP);
  if (follows || shown.some((people) => people > 0 && people < SMALLEST_GROUP)) findings.add('turnout-reveals', `seal.json, ${what}`);
}
