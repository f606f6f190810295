/** Every draw held again by code of its own: who belongs into the pool, with how many tickets, in which order, and who was let through when. */
import { createHash, createHmac } from 'node:crypto';
import type { Finding } from './case.ts';
import type { DrawRow, EntryRow, FundRecord, PanelRow, Round } from './record.ts';
import { stateBefore, type Story } from './steps.ts';

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const typed = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

type Say = (rule: string) => void;

/** Judges the draws of lists and of panels; `same` of `held` came to the order that is on record. */
export function judgeDraws(record: FundRecord, stories: ReadonlyMap<string, Story>): { findings: Finding[]; held: number; same: number } {
  const findings: Finding[] = [];
  const orders: boolean[] = [];
  const entriesOf = Map.groupBy(record.entries, (entry) => entry.draw);
  for (const draw of record.draws) {
    const say: Say = (rule) => void findings.push({ rule, what: draw.id });
    const entries = entriesOf.get(draw.id) ?? [];
    const pool = entries.filter((entry) => entry.tickets !== null);
    judgePool(record, stories, draw, pool, say);
    judgeCommitment(record, draw, pool, say);
    if (draw.drawnAt !== null) orders.push(judgeOrder(draw, pool, say));
    judgeTurns(stories, draw, entries, say);
  }
  judgeBeforeTurn(record, stories, findings);
  for (const panel of record.panels) if (panel.seed !== null) orders.push(judgePanel(panel, (rule) => void findings.push({ rule, what: panel.id })));
  return { findings, held: orders.length, same: orders.filter(Boolean).length };
}

/** Where the record stood when a pool was committed to. */
const commitTurn = ({ events }: FundRecord, draw: DrawRow): number => events.findIndex((event) => event.name === 'draw.committed' && event.subject.draw === draw.id);

/** The pool is everybody who waited, with the tickets that the charter gives them. */
function judgePool(record: FundRecord, stories: ReadonlyMap<string, Story>, draw: DrawRow, pool: readonly EntryRow[], say: Say): void {
  const turn = commitTurn(record, draw);
  const order = record.rounds.get(draw.round)?.charter.order;
  if (turn < 0 || !order || order.kind !== 'draw') return say('draw-without-charter');
  const inPool = new Set(pool.map((entry) => entry.request));
  const elsewhere = new Set(record.entries.filter((entry) => entry.draw !== draw.id || entry.tickets === null).map((entry) => entry.request));
  for (const story of stories.values()) {
    if (story.round !== draw.round || story.askedTurn > turn || elsewhere.has(story.id)) continue;
    const belongs = stateBefore(story, turn) === 'asked' && !story.decisions.some((each) => each.turn < turn) && record.requests.get(story.id)?.heldAt === null;
    if (belongs !== inPool.has(story.id)) say(belongs ? 'pool-lacks-somebody' : 'pool-holds-another');
  }
  const { firstTimeTickets = 1, missedTickets = 0, mostTickets = 1 } = order;
  const given = new Set([...stories.values()].filter((story) => stateBefore(story, turn) === 'awarded').map((story) => story.applicant));
  const missed = missedBefore(record, stories, draw, turn);
  for (const entry of pool) {
    const applicant = stories.get(entry.request)?.applicant ?? '';
    const tickets = entry.askedAgain ? 0 : Math.min(mostTickets, (given.has(applicant) ? 1 : firstTimeTickets) + missedTickets * (missed.get(applicant)?.size ?? 0));
    if (entry.tickets !== tickets || entry.firstTime === given.has(applicant) || entry.missedBefore !== (missed.get(applicant)?.size ?? 0)) say('tickets-differ');
  }
  // One person stands in a pool with one request.
  for (const entries of Map.groupBy(pool, (entry) => stories.get(entry.request)?.applicant ?? '').values()) if (entries.filter((entry) => entry.tickets !== 0).length > 1) say('twice-in-pool');
}

/** In which earlier draws the money had not come to each person, when this one's pool was committed to. */
function missedBefore(record: FundRecord, stories: ReadonlyMap<string, Story>, draw: DrawRow, turn: number): Map<string, Set<string>> {
  const earlier = new Set(record.draws.filter((other) => other.drawnAt !== null && other.drawnAt <= draw.committedAt && other.id !== draw.id).map((other) => other.id));
  const missed = new Map<string, Set<string>>();
  for (const entry of record.entries) {
    const story = stories.get(entry.request);
    if (!story || !earlier.has(entry.draw) || (entry.letAt !== null && entry.letAt <= draw.committedAt) || stateBefore(story, turn) === 'withdrawn') continue;
    missed.set(story.applicant, (missed.get(story.applicant) ?? new Set()).add(entry.draw));
  }
  return missed;
}

const digestPool = (pool: readonly EntryRow[]): Buffer =>
  sha256([...pool].sort((a, b) => byBytes(a.code, b.code)).map((each) => `${JSON.stringify([each.code, each.tickets, each.firstTime, each.missedBefore, each.askedAgain])}\n`).join(''));

function digestTerms(draw: DrawRow, { charter: { order }, charterVersion, charterDigest }: Round): Buffer {
  const weights = sha256(JSON.stringify([charterVersion, charterDigest, order.firstTimeTickets, order.missedTickets, order.mostTickets]));
  return sha256(weights, sha256(JSON.stringify([draw.round, draw.number, draw.name, draw.on])));
}

/** What was committed to is what was drawn, before the day of the public draw, and two people typed its result. */
function judgeCommitment(record: FundRecord, draw: DrawRow, pool: readonly EntryRow[], say: Say): void {
  const round = record.rounds.get(draw.round);
  if (!round || digestPool(pool).toString('hex') !== draw.pool) say('pool-changed');
  if (!round || digestTerms(draw, round).toString('hex') !== draw.terms) say('weights-changed');
  if (new Date(draw.committedAt).toISOString().slice(0, 10) >= draw.on) say('committed-late');
  const committed = record.events.find((event) => event.name === 'draw.committed' && event.subject.draw === draw.id);
  if (committed?.subject.pool !== draw.pool || committed.subject.terms !== draw.terms) say('record-differs');
  if (draw.drawnAt === null) return;
  if (draw.isEnough || (draw.drawnOn ?? '') < draw.on) say('drawn-early');
  const seed = sha256('commonpot.list.v1\0', Buffer.from(draw.terms, 'hex'), Buffer.from(draw.pool, 'hex'), typed(draw.text ?? '')).toString('hex');
  if (seed !== draw.seed) say('seed-changed');
  const by = (name: string) => record.events.filter((event) => event.name === name && event.subject.draw === draw.id).map((event) => event.actor);
  const confirmed = by('draw.confirmed');
  if (confirmed.length !== 1 || !by('draw.entered').some((actor) => actor !== confirmed[0])) say('seed-by-one');
}

/** Each stands where the smallest of their tickets falls; those without tickets come last. */
function judgeOrder(draw: DrawRow, pool: readonly EntryRow[], say: Say): boolean {
  const key = Buffer.from(draw.seed ?? '', 'hex');
  const lots = pool.map(({ code, tickets }) => {
    const numbers = tickets ? Array.from({ length: tickets }, (_, index) => index + 1) : [0];
    const smallest = numbers.map((number) => createHmac('sha256', key).update(`${code} ${number}`).digest()).sort(Buffer.compare)[0] as Buffer;
    return { code, last: tickets ? 0 : 1, smallest };
  });
  const again = lots.sort((a, b) => a.last - b.last || Buffer.compare(a.smallest, b.smallest)).map((each) => each.code);
  const onRecord = [...pool].sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map((each) => each.code);
  const isSame = again.every((code, index) => code === onRecord[index]) && pool.every((entry) => entry.place !== null);
  if (!isSame) say('order-differs');
  return isSame;
}

/** Nobody is let through by their place while somebody before them waits. */
function judgeTurns(stories: ReadonlyMap<string, Story>, draw: DrawRow, entries: readonly EntryRow[], say: Say): void {
  const listed = entries.filter((entry) => entry.place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const endedAt = (entry: EntryRow): number => stories.get(entry.request)?.moves.find((move) => move.to === 'withdrawn' || move.to === 'declined')?.at ?? Infinity;
  let latest = -Infinity;
  for (const entry of [...listed].reverse()) {
    const until = Math.min(entry.letAt ?? Infinity, endedAt(entry));
    if (latest > -Infinity && until > latest) say('passed-over');
    if (entry.letAs === 'place' && entry.letAt !== null) latest = latest === -Infinity ? entry.letAt : Math.min(latest, entry.letAt);
  }
  if (draw.isEnough && entries.some((entry) => entry.letAs === 'place')) say('passed-over');
}

/** Where a charter draws, nobody is given anything before they were let through; what comes back on appeal was before. */
function judgeBeforeTurn({ entries, draws }: FundRecord, stories: ReadonlyMap<string, Story>, findings: Finding[]): void {
  const letAt = new Map(entries.map((entry) => [entry.request, entry.letAt]));
  const drawn = new Set(draws.map((draw) => draw.round));
  for (const story of stories.values()) {
    if (story.awardedAt === null || story.charter.order.kind !== 'draw' || !drawn.has(story.round) || story.measuredTurn === story.awardedTurn) continue;
    const at = letAt.get(story.id);
    if (at === undefined || at === null || at > story.awardedAt) findings.push({ rule: 'before-their-turn', what: story.id });
  }
}

/** A panel's pool and order: areas take turns by Sainte-Laguë, who served least comes first, the smaller lot among equals. */
function judgePanel(panel: PanelRow, say: Say): boolean {
  const pool = [...panel.pool].sort((a, b) => byBytes(a.code, b.code));
  if (sha256(pool.map(({ code, area, served }) => `${JSON.stringify([code, area, served])}\n`).join('')).toString('hex') !== panel.digest) say('pool-changed');
  if (panel.drawnBy === panel.committedBy) say('seed-by-one');
  const lot = (of: string): Buffer => createHmac('sha256', typed(panel.seed ?? '')).update(of).digest();
  const areas = [...Map.groupBy(pool, (entry) => entry.area)].map(([area, people]) => ({
    lot: lot(`area:${area}`), size: people.length, places: 0, people: people.sort((a, b) => a.served - b.served || Buffer.compare(lot(`code:${a.code}`), lot(`code:${b.code}`))),
  }));
  const order: string[] = [];
  for (let place = 0; place < pool.length; place += 1) {
    const next = areas.filter((area) => area.people.length > 0).sort((a, b) => b.size * (2 * a.places + 1) - a.size * (2 * b.places + 1) || Buffer.compare(a.lot, b.lot))[0];
    if (!next) break;
    next.places += 1;
    order.push(next.people.shift()?.code ?? '');
  }
  const onRecord = [...panel.places].sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map((seat) => seat.code);
  const isSame = order.length === onRecord.length && order.every((code, index) => code === onRecord[index]);
  if (!isSame) say('order-differs');
  return isSame;
}
