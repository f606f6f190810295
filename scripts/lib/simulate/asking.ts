/** How people ask: once, twice at once, over a line that dies, for somebody else; and how they take it back or ask for another look. */
import { createHash } from 'node:crypto';
import { chanceOf } from './chance.ts';
import { makeCaller, surprise, together, type Caller, type Reply } from './client.ts';
import { fundPath, must } from './cast.ts';
import type { Asked } from './diary.ts';
import { afterOf, type Ask } from './plan.ts';
import type { Year } from './state.ts';

interface Taken {
  reference: string;
  token: string;
  state: string;
}

/** Limits of the charter, and rounds that do not take requests just then: asking meets them, and that is right. */
const LIMITS = ['over-cap', 'over-household-cap', 'too-soon', 'not-asking-now'];

/** The network of whoever asks: each person has one of their own. */
const networkOf = ({ person }: Ask): string => {
  const digest = createHash('sha256').update(person.address).digest();
  return `10.${2 + (digest[0] ?? 0) % 250}.${digest[1]}.${digest[2]}`;
};

/** Asks as the plan has it; true when the request was taken in. */
export async function askAs(year: Year, ask: Ask, round: string): Promise<boolean> {
  const { line, cast } = year;
  const who = ask.helper ? cast.helper : makeCaller(line, networkOf(ask));
  const path = `${round}/requests${ask.helper ? '/for' : ''}`;
  const body = bodyOf(year, ask);
  const send = (sent: object = body, may: readonly string[] = LIMITS): Promise<Reply<Taken>> => who.call<Taken>('POST', path, sent, { may });
  if (ask.sending === 'line-dies') await who.sendAndLose(path, body);
  const [first, again] = ask.sending === 'twice' ? await Promise.all([send(), send()]) : [await send(), null];
  if (again && (again.ok !== first.ok || (again.ok && first.ok && again.body.token !== first.body.token))) surprise(line, 'a request sent twice at once was answered in two ways');
  if (!first.ok) return false;
  if (ask.sending === 'key-reused') {
    const other = await send({ ...body, amountMinor: ask.amountMinor + 100 }, ['already-exists']);
    if (other.ok) surprise(line, 'one key was taken for two sums');
  }
  const { reference, token } = first.body;
  const asked: Asked = { ask, reference, token, round, id: null, appealed: false };
  year.diary.keep(asked);
  const { withdrawsAfterDays } = afterOf(year.size.seed, ask.index);
  if (withdrawsAfterDays !== null) year.diary.plan(year.day + withdrawsAfterDays, () => withdraw(year, asked));
  return true;
}

function bodyOf({ size }: Year, ask: Ask): Record<string, unknown> & { amountMinor: number } {
  const { person, helper } = ask;
  return {
    amountMinor: ask.amountMinor, way: ask.way, contact: helper && !helper.withContact ? null : { channel: person.channel, address: person.address },
    name: ask.otherName ? `Another ${ask.index}` : person.name, words: ask.index % 7 === 0 ? 'It has been a hard month.' : null, purpose: ask.index % 5 === 0 ? 'GTIP010' : null,
    household: ask.apart ? null : person.door, apart: ask.apart, group: ask.group ? 'The allotment' : null, mayWrite: ask.mayWrite, language: 'en',
    clientKey: createHash('sha256').update(`${size.seed}:${ask.index}`).digest('hex'), ...(helper ? { consent: 'phone', collects: helper.collects } : {}),
  };
}

/** A caller at the person's own network: whoever holds the private link. */
export const holder = ({ line }: Year, asked: Asked): Caller => makeCaller(line, networkOf(asked.ask));

/** People read what came to their addresses: whoever finds the link of a request says that it was them, some of them twice at once. */
export async function openLinks(year: Year): Promise<void> {
  const { line, opened, size } = year;
  const { messages } = await must(makeCaller(line, null).call<{ messages: { recipient: string; body: string }[] }>('GET', '/demonstration/messages'));
  const fresh = messages.flatMap(({ body }) => /\/asked\/([\w-]{22})/.exec(body)?.[1] ?? []).filter((token) => !opened.has(token));
  for (const token of fresh) opened.add(token);
  await together(fresh.reverse(), 4, async (token) => {
    const chance = chanceOf(size.seed, 'opens', opened.size);
    if (chance.happens(0.15)) return;
    const who = makeCaller(line, `10.0.9.${chance.below(200)}`);
    const confirm = () => who.call('POST', `${fundPath}/requests/confirm`, { token }, { may: ['wrong-code'] });
    await Promise.all(chance.happens(0.2) ? [confirm(), confirm()] : [confirm()]);
  });
}

async function withdraw(year: Year, asked: Asked): Promise<void> {
  const who = holder(year, asked);
  const take = () => who.call('POST', `${fundPath}/requests/withdraw`, { token: asked.token }, { may: ['already-decided'] });
  await Promise.all([take(), take()]);
}

/** Asks for another look at what was declined, as the plan has it; some ask twice at once, or again. */
export async function appealAs(year: Year, asked: Asked): Promise<void> {
  const { appealsTwice } = afterOf(year.size.seed, asked.ask.index);
  const who = holder(year, asked);
  const send = () => who.call('POST', `${fundPath}/requests/appeal`, { token: asked.token, words: 'Please look again.' }, {
    may: ['nothing-to-appeal', 'appealed-once', 'appeal-late', 'over-cap', 'over-household-cap', 'too-soon'],
  });
  const [first, again] = appealsTwice ? await Promise.all([send(), send()]) : [await send(), null];
  if (first.ok && again?.ok) surprise(year.line, 'one request was appealed twice');
  asked.appealed = true;
}
