/** The English of `pnpm verify`. The faults' own sentences stand with the checks, in findings.ts. */
import type { Finding } from '../../../server/src/votes/published/findings.ts';
import type { Facts, Note, ReceiptAnswer, Verdict } from '../../../server/src/votes/published/verdict.ts';

/** What `pnpm verify` says of a folder, line by line. */
export function* linesOf({ findings, notes, facts, receipts }: Verdict): Generator<string> {
  if (facts) yield* factLines(facts);
  for (const note of notes) yield `  note: ${noteText(note)}`;
  for (const receipt of receipts) yield `  ${receiptText(receipt)}`;
  for (const finding of findings) yield* findingLines(finding);
  yield findings.length > 0 ? `NOT verified: ${findings.length} ${findings.length === 1 ? 'promise is' : 'promises are'} broken.` : endText(notes, facts);
}

function* factLines({ title, origin, key, ruleDigest, size, root, counted, voided, winners }: Facts): Generator<string> {
  yield title;
  yield `  log: ${origin}, ${size} ballots taken in, root ${root}`;
  yield `  ${counted} counted, ${voided} replaced or struck${winners ? `; funded: ${winners.join(', ') || 'nothing'}` : ''}`;
  yield `  key of the log: ${key}`;
  yield `  digest of the counting rule: ${ruleDigest}`;
  yield '  (Compare key and digest with what the round’s page showed while people voted, or with somebody who noted them.)';
}

function endText(notes: readonly Note[], facts: Facts | null): string {
  const small = notes.find((note) => note.name === 'totals-only');
  if (!small) return 'Verified: every ballot is accounted for, and the count gives this result.';
  if (small.hasBallots) return 'Verified, with the ballots themselves. They are so few that this folder must not be published; an observer may now sign.';
  const counted = `The list of ${facts?.size ?? 0} ballots is whole, but fewer than 100 were counted: they are not shown, so nobody can count them again.`;
  const signed = notes.flatMap((note) => (note.name === 'observer-signed' ? [note.observer] : []));
  return `${counted} ${signed.length > 0 ? `The result rests on the signatures of ${signed.join(' and ')}.` : 'The result rests on the word of those who ran the round.'}`;
}

function* findingLines({ name, sentence, times, places }: Finding): Generator<string> {
  yield `  ${name}: ${sentence}`;
  for (const place of places) yield `    ${place}`;
  if (times > places.length) yield `    and ${times - places.length} more`;
}

const WITHOUT_KEY = {
  'no-key': 'replaced from a device without the first ballot’s key',
  'other-key': 'replaced with a key that does not fit',
  'voted-on-paper': 'not counted because the person voted on paper',
  struck: 'struck before the result was final, for reasons in seal.json',
} as const;

function noteText(note: Note): string {
  switch (note.name) {
    case 'totals-only':
      return note.hasBallots ? 'Fewer than 100 ballots were counted; this folder shows them all the same, for the observers.' : 'Fewer than 100 ballots were counted, so only totals are published.';
    case 'no-observers':
      return 'Nobody was named beforehand to check the ballots in the public’s place.';
    case 'observer-signed':
      return `${note.observer} checked the ballots and signed the seal.`;
    case 'observer-named-only':
      return `${note.observer} is named as an observer and has no key: nothing here proves what they saw.`;
    case 'observer-waived':
      return `${note.observer} was named to check the ballots and has NOT signed. The round was published without, for this reason: ${note.reason}`;
    case 'voided-without-key':
      return `${note.ballots} ${note.ballots === 1 ? 'ballot' : 'ballots'} ${WITHOUT_KEY[note.why]}: nothing from the voter proves it. Whoever holds such a receipt can dispute it.`;
    case 'no-mirrors':
      return 'Nobody was named to keep copies of the signed heads: only a head that you saved yourself shows that everybody saw one list.';
    case 'draws-missed':
      return `The public draw of ${note.dates.join(', ')} did not take place; the next one was taken.`;
    case 'closed-late':
      return `The list was closed at ${note.lastHeadAt}, too late for the number of the public beacon that was named before the vote, so the one a day after that decided. Whoever keeps copies of the signed heads can say when they got the last.`;
    case 'beacon-drawn':
      return `The lot was drawn by value ${note.round} of the public beacon, the first from ${note.at} on; its signature was checked here. Also at ${note.address}`;
    case 'hall-order':
      return `The order of the projects in the hall ${note.order ? `was worked out again from its draw: ${note.order.join(', ')}.` : 'was announced and never drawn.'} Announced: ${note.how}`;
    case 'saved-head':
      return `The saved head, of ${note.size} ballots, was compared with the list.`;
  }
}

function receiptText({ fate, leaf, isSigned }: ReceiptAnswer): string {
  const signature = isSigned === null ? '' : isSigned ? ' Its signature is the log’s.' : ' Its signature is NOT the log’s.';
  switch (fate) {
    case 'counted':
      return `receipt: this ballot is counted (leaf ${leaf ?? ''}).${signature}`;
    case 'absent':
      return `receipt: no such ballot is in the list.${isSigned ? ' Its signature is the log’s: the ballot was taken in and left out. Keep the receipt and show it.' : signature}`;
    case 'replaced':
      return `receipt: this ballot is not counted; it was replaced, with the key from the voter’s own phone (leaf ${leaf ?? ''}).${signature}`;
    default:
      return `receipt: this ballot is not counted: ${WITHOUT_KEY[fate]} (leaf ${leaf ?? ''}).${signature}`;
  }
}

/** For a terminal: whatever strangers wrote, nothing moves the cursor or turns the text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?');
}
