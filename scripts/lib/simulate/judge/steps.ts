/** What became of each request, as the record tells it, and whether each step was one that the charter allows. */
import type { Asker, Finding, Witness } from './case.ts';
import type { Charter, FundRecord, Happening } from './record.ts';

const DAY = 24 * 3600_000;

export interface Move {
  from: string;
  to: string;
  actor: string | null;
  at: number;
  /** Where it stands in the record. */
  turn: number;
}

export interface Decision {
  seat: string;
  verdict: string;
  actor: string;
  at: number;
  turn: number;
}

/** One request from asking to its end. `turn` counts the events of the record, so that order does not hang on a clock. */
export interface Story {
  id: string;
  applicant: string;
  round: string;
  charter: Charter;
  amount: number;
  agree: string;
  helper: string | null;
  asker: Asker;
  askedAt: number;
  askedTurn: number;
  moves: Move[];
  decisions: Decision[];
  awardedAt: number | null;
  awardedTurn: number | null;
  /** When the award went back; null while it stands. */
  returnedTurn: number | null;
  /** When it was measured against the limits: by asking, or when an appeal was agreed to. */
  measuredAt: number;
  measuredTurn: number;
}

/** Every request of the record, by its id. */
export function tellStories(record: FundRecord, witness: Witness): Map<string, Story> {
  const stories = new Map<string, Story>();
  for (const [turn, event] of record.events.entries()) {
    if (event.name === 'request.asked') {
      const story = begin(record, witness, event, turn);
      if (story) stories.set(story.id, story);
    }
    const story = stories.get(event.subject.request ?? '');
    if (!story) continue;
    if (event.name === 'request.moved') addMove(story, { from: event.subject.from ?? '', to: event.subject.to ?? '', actor: event.actor, at: event.at, turn });
    if (event.name === 'request.decided') story.decisions.push({ seat: event.subject.seat ?? '', verdict: event.subject.verdict ?? '', actor: event.actor ?? '', at: event.at, turn });
  }
  return stories;
}

function begin({ rounds, requests }: FundRecord, witness: Witness, { subject, actor, at }: Happening, turn: number): Story | null {
  const { request = '', round = '', applicant = '', amountMinor, agree = '' } = subject;
  const charter = rounds.get(round)?.charter;
  if (!charter) return null;
  const asker = witness.askers.get(requests.get(request)?.reference ?? '') ?? { contact: null, door: '', apart: false };
  return {
    id: request, applicant, round, charter, amount: Number(amountMinor), agree, helper: actor, asker, askedAt: at, askedTurn: turn, moves: [], decisions: [],
    awardedAt: null, awardedTurn: null, returnedTurn: null, measuredAt: at, measuredTurn: turn,
  };
}

function addMove(story: Story, move: Move): void {
  story.moves.push(move);
  if (move.to === 'returned') story.returnedTurn = move.turn;
  if (move.from === 'appealed' && (move.to === 'awarded' || move.to === 'listed')) Object.assign(story, { measuredAt: move.at, measuredTurn: move.turn });
  if (move.to === 'awarded' && story.awardedTurn === null) Object.assign(story, { awardedAt: move.at, awardedTurn: move.turn });
}

/** Where a request stood just before a turn of the record. */
export const stateBefore = (story: Story, turn: number): string => story.moves.findLast((move) => move.turn < turn)?.to ?? 'asked';

const NEXT: Record<string, readonly string[]> = {
  asked: ['half', 'listed', 'awarded', 'declined', 'withdrawn'], half: ['listed', 'awarded', 'declined', 'withdrawn'],
  listed: ['asked', 'awarded', 'declined', 'withdrawn'], declined: ['appealed'], appealed: ['listed', 'awarded', 'upheld', 'withdrawn'], awarded: ['returned'], withdrawn: [], upheld: [], returned: [],
};
const SEAT_IN: Record<string, string> = { first: 'asked', panel: 'asked', second: 'half', appeal: 'appealed' };

/** Decided once, by enough people, none of them twice or on their own, and the tables say what the record says. */
export function judgeSteps(record: FundRecord, stories: ReadonlyMap<string, Story>, witness: Witness): Finding[] {
  const findings: Finding[] = [];
  const declared = record.events.map((event, turn) => ({ ...event, turn })).filter((event) => event.name === 'interest.declared');
  for (const story of stories.values()) {
    const say = (rule: string): void => void findings.push({ rule, what: story.id });
    judgeOrder(story, say);
    judgePeople(story, say);
    if (story.awardedTurn !== null) judgeAgreement(record, story, say);
    for (const decision of story.decisions) {
      if (isOwn(record, witness, story, decision)) say('own-request');
      if (declared.some((event) => event.actor === decision.actor && event.subject.applicant === story.applicant && event.turn < decision.turn)) say('declared-interest');
    }
    compareTables(record, story, say);
  }
  for (const { id } of record.requests.values()) if (!stories.has(id)) findings.push({ rule: 'not-on-record', what: id });
  for (const each of record.decisions) if (!stories.get(each.request)?.decisions.some((on) => on.seat === each.seat && on.verdict === each.verdict && on.actor === each.account)) findings.push({ rule: 'not-on-record', what: each.request });
  return findings;
}

type Say = (rule: string) => void;

/** Steps follow one another; nothing is decided after it was, nor given twice. */
function judgeOrder(story: Story, say: Say): void {
  let state = 'asked';
  for (const { from, to } of story.moves) {
    if (from !== state || !NEXT[state]?.includes(to)) say('step-out-of-order');
    state = to;
  }
  if (story.moves.filter((move) => move.to === 'awarded').length > 1) say('awarded-twice');
  for (const { seat, turn } of story.decisions) if (stateBefore(story, turn) !== SEAT_IN[seat]) say('decided-twice');
  for (const seat of ['first', 'second']) if (story.decisions.filter((each) => each.seat === seat).length > 1) say('decided-twice');
  const appeals = story.moves.filter((move) => move.to === 'appealed');
  if (appeals.length > 1) say('appealed-twice');
  const declined = story.moves.find((move) => move.to === 'declined');
  if (appeals[0] && declined && appeals[0].at > declined.at + story.charter.dispute.appealDays * DAY) say('appealed-late');
}

/** Nobody has two words in one request: the second is never the first, and an appeal goes to somebody else. */
function judgePeople({ decisions }: Story, say: Say): void {
  const seen = new Map<string, string>();
  for (const { actor, seat } of decisions) {
    const before = seen.get(actor);
    if (before !== undefined) say(seat === 'second' ? 'second-is-first' : seat === 'appeal' ? 'appeal-same-person' : 'same-person');
    seen.set(actor, seat);
  }
}

/** As many different people said yes as the charter asks for at this amount. */
function judgeAgreement({ panels }: FundRecord, story: Story, say: Say): void {
  const before = story.decisions.filter((each) => each.turn < (story.awardedTurn ?? 0));
  const yes = (seats: readonly string[]) => new Set(before.filter((each) => each.verdict === 'yes' && seats.includes(each.seat)).map((each) => each.actor));
  // On appeal as many agree as the first time, and what was said before does not count.
  const again = story.moves.some((move) => move.to === 'appealed');
  if (story.agree === 'panel') {
    const members = new Set(panels.filter((panel) => panel.round === story.round).flatMap((panel) => panel.places.filter((seat) => seat.state !== 'pool').map((seat) => seat.account)));
    const voices = [...yes([again ? 'appeal' : 'panel'])];
    if (voices.length * 2 <= (story.charter.panelSeats ?? Infinity)) say('too-few-agreed');
    if (voices.some((actor) => !members.has(actor))) say('not-on-panel');
    return;
  }
  const needed: Record<string, number> = { 'at-once': again ? 1 : 0, one: 1, two: 2 };
  if (yes(again ? ['appeal'] : ['first', 'second']).size < (needed[story.agree] ?? Infinity)) say('too-few-agreed');
}

/** Whether somebody decided on themselves, on their own door, or on what they brought. */
function isOwn({ names }: FundRecord, { deciders }: Witness, story: Story, { actor }: Decision): boolean {
  if (story.helper === actor) return true;
  const decider = deciders.get(names.get(actor) ?? '');
  if (!decider) return true;
  const { contact, door, apart } = story.asker;
  if (contact === decider.contact) return true;
  return !apart && door === decider.door;
}

function compareTables({ requests }: FundRecord, story: Story, say: Say): void {
  const row = requests.get(story.id);
  const last = story.moves.at(-1)?.to ?? 'asked';
  if (!row || row.state !== last || row.agree !== story.agree || row.amount !== story.amount || row.round !== story.round) say('record-differs');
}
