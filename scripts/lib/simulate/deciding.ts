/** An evening of deciding: administrators at one queue, agreeing one after the other, at the same instant, twice, and on their own. */
import { randomUUID } from 'node:crypto';
import { appealAs } from './asking.ts';
import { fundPath, must, type Member } from './cast.ts';
import { chanceOf, type Chance } from './chance.ts';
import { surprise, together, type Reply } from './client.ts';
import type { Asked } from './diary.ts';
import { afterOf } from './plan.ts';
import type { Year } from './state.ts';

const AT_ONCE = 6;
/** Refusals that a press meets when somebody else was quicker, or must not be the one. */
const LOST = ['already-decided', 'same-person', 'knows-applicant', 'proof-missing', 'panel-decides', 'awaits-draw', 'over-cap', 'over-household-cap', 'too-soon'];

interface Waiting {
  id: string;
  reference: string;
  amountMinor: number;
  agree: 'at-once' | 'one' | 'two' | 'panel';
  state: 'asked' | 'half' | 'appealed';
  answerBy: string;
  proof: string | null;
  inBatch: boolean;
  notYou: string | null;
}

type Verdict = { verdict: 'yes' } | { verdict: 'no'; reason: string };
const NO: Verdict = { verdict: 'no', reason: 'no-money-left' };
const YES: Verdict = { verdict: 'yes' };

/** Two of the administrators go through what waits in a round: the first all of it, then the second what needs another. */
export async function decideEvening(year: Year, round: string, first: Member, second: Member): Promise<void> {
  for (const [reader, other] of [[first, second], [second, first]] as const) {
    const { requests, leftMinor } = await readQueue(year, round, reader);
    const money = { leftMinor };
    const mine = requests.filter((each) => year.diary.byReference.has(each.reference));
    const batch = mine.filter((each) => each.inBatch && chanceOf(year.size.seed, 'batch', indexOf(year, each)).happens(0.15)).slice(0, 40);
    const one = mine.filter((each) => !batch.includes(each));
    await together(one, AT_ONCE, (each) => look(year, each, reader, other, money));
    await giveBatch(year, round, batch, reader, money);
  }
}

const askedOf = ({ diary }: Year, { reference }: Pick<Waiting, 'reference'>): Asked => diary.byReference.get(reference) as Asked;
const indexOf = (year: Year, waiting: Waiting): number => askedOf(year, waiting).ask.index;

async function readQueue(year: Year, round: string, reader: Member): Promise<{ requests: Waiting[]; leftMinor: number }> {
  const requests: Waiting[] = [];
  for (let cursor = ''; ; ) {
    const page = await must(reader.call<{ requests: Waiting[]; nextCursor: string | null; leftMinor: number }>('GET', `${round}/queue?limit=200${cursor ? `&cursor=${cursor}` : ''}`));
    requests.push(...page.requests);
    for (const each of page.requests) {
      const asked = year.diary.byReference.get(each.reference);
      if (asked) asked.id = each.id;
    }
    if (!page.nextCursor) return { requests, leftMinor: page.leftMinor };
    cursor = page.nextCursor;
  }
}

/** What one administrator does with one request. */
async function look(year: Year, waiting: Waiting, reader: Member, other: Member, money: { leftMinor: number }): Promise<void> {
  const { seed } = year.size;
  const chance = chanceOf(seed, 'look', indexOf(year, waiting), waiting.state, reader.name);
  if (waiting.notYou === null || waiting.notYou === 'panel') await seeProof(waiting, reader, chance);
  if (waiting.notYou === 'panel') return;
  if (waiting.notYou !== null) {
    // Trying all the same: it has to be refused.
    if (chance.happens(0.5)) await pressForbidden(year, waiting, reader);
    return;
  }
  if (waiting.state === 'asked' && chance.happens(0.03)) {
    await reader.call('POST', `${fundPath}/requests/${waiting.id}/interest`);
    return pressForbidden(year, waiting, reader);
  }
  if (waiting.amountMinor > money.leftMinor) {
    // A yes without money: whoever asked waits for it in their turn.
    if (chanceOf(seed, 'without-money', indexOf(year, waiting), reader.name).happens(0.04)) return void (await press(year, waiting, reader, YES));
    if (new Date(waiting.answerBy) <= year.stage.clock.now || waiting.state === 'appealed') await press(year, waiting, reader, NO);
    return;
  }
  if (waiting.state === 'asked' && chance.happens(0.1)) return void (await press(year, waiting, reader, { verdict: 'no', reason: 'outside-charter' }));
  money.leftMinor -= waiting.amountMinor;
  await agree(year, waiting, reader, other, chance.real());
}

/** Looks at a proof of address where the charter asks for one. */
async function seeProof({ id, proof }: Waiting, reader: Member, chance: Chance): Promise<void> {
  if (proof !== 'missing' && proof !== 'offer-meeting') return;
  await reader.call('POST', `${fundPath}/requests/${id}/proof`, { how: chance.happens(0.8) ? 'seen' : 'unclear' }, { may: ['already-exists', 'knows-applicant'] });
}

/** A yes, and what can happen around it. */
async function agree(year: Year, waiting: Waiting, reader: Member, other: Member, lot: number): Promise<void> {
  if (lot < 0.04) {
    // Two press at the same instant.
    await Promise.all([press(year, waiting, reader, YES), press(year, waiting, other, YES)]);
  } else if (lot < 0.05) {
    await Promise.all([press(year, waiting, reader, YES), press(year, waiting, other, { verdict: 'no', reason: 'helped-elsewhere' })]);
  } else if (lot < 0.08) {
    // One presses twice, the second time as a new press.
    const [one, two] = await Promise.all([press(year, waiting, reader, YES), press(year, waiting, reader, YES)]);
    if (one.ok && two.ok) surprise(year.line, 'one administrator decided one request twice');
  } else if (lot < 0.11) {
    // The telephone sends the same press twice, or the line dies and it is sent again: one press.
    const key = randomUUID();
    if (lot < 0.095) await reader.sendAndLose(`${fundPath}/requests/${waiting.id}/decisions`, YES, key);
    const [one, two] = await Promise.all([press(year, waiting, reader, YES, key), press(year, waiting, reader, YES, key)]);
    if (one.ok !== two.ok || (one.ok && two.ok && one.body.state !== two.body.state)) surprise(year.line, 'one press sent twice was answered in two ways');
  } else {
    await press(year, waiting, reader, YES);
  }
}

async function press(year: Year, waiting: Waiting, who: Member, verdict: Verdict, key?: string): Promise<Reply<{ state: string }>> {
  const answer = await who.call<{ state: string }>('POST', `${fundPath}/requests/${waiting.id}/decisions`, verdict, { may: LOST, ...(key ? { key } : {}) });
  const asked = askedOf(year, waiting);
  if (answer.ok && answer.body.state === 'declined' && !asked.appealed && afterOf(year.size.seed, asked.ask.index).appeals) {
    asked.appealed = true;
    year.diary.plan(year.day + 1, () => appealAs(year, asked));
  }
  return answer;
}

async function pressForbidden(year: Year, waiting: Waiting, who: Member): Promise<void> {
  const answer = await press(year, waiting, who, YES);
  if (answer.ok) surprise(year.line, `somebody who must not decided (${waiting.notYou ?? 'your-interest'})`);
}

async function giveBatch(year: Year, round: string, batch: readonly Waiting[], reader: Member, money: { leftMinor: number }): Promise<void> {
  const given: Waiting[] = [];
  for (const each of batch) {
    if (each.amountMinor > money.leftMinor) continue;
    money.leftMinor -= each.amountMinor;
    given.push(each);
  }
  if (given.length === 0) return;
  const send = (key: string) => reader.call<{ outcomes: { id: string; problem: string | null }[] }>('POST', `${round}/batches`, { requests: given.map((each) => each.id) }, { key, may: ['batches-not-allowed'] });
  const key = randomUUID();
  const answers = await Promise.all(chanceOf(year.size.seed, 'batch-twice', year.day).happens(0.2) ? [send(key), send(key)] : [send(key)]);
  for (const answer of answers) {
    for (const { problem } of answer.ok ? answer.body.outcomes : []) if (problem && !LOST.includes(problem)) surprise(year.line, `in a batch: ${problem}`);
  }
}
