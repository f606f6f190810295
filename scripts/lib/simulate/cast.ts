/** The people of a simulated fund, its pot, its charters and its rolling round, made through the API. */
import { Stop } from '../entry.ts';
import { makeCaller, type Caller, type Line, type Reply } from './client.ts';
import { ADMINISTRATORS, addressOf, charters, doorOf, RESIDENTS } from './plan.ts';
import { FUND, type Stage } from './stage.ts';

/** Below `/api/v1`. */
export const fundPath = `/funds/${FUND}`;
/** A tenth of a second each. */
const CODE_LOOKS = 600;

export interface Member extends Caller {
  /** As the fund's members know them. */
  name: string;
}

export interface Cast {
  administrators: readonly Member[];
  residents: readonly Member[];
  shop: Member;
  helper: Member;
  potId: string;
  /** Below `/api/v1`. */
  rolling: string;
}

/** The answer's body; what a simulation cannot go on without is not a surprise but its end. */
export async function must<T>(reply: Promise<Reply<T>>): Promise<T> {
  const answer = await reply;
  if (!answer.ok) throw new Stop(`The simulation cannot go on: ${answer.asked} was answered with ${answer.code}.`);
  return answer.body;
}

interface Outbox {
  messages: { id: string; recipient: string; body: string }[];
}

/** Signs people in with the codes that land in the demonstration's outbox, which only this machine may read. */
async function signIn(line: Line, people: ReadonlyMap<string, Caller>): Promise<void> {
  const desk = makeCaller(line, null);
  const read = async (): Promise<Outbox['messages']> => (await must(desk.call<Outbox>('GET', '/demonstration/messages'))).messages;
  const seen = new Set((await read()).map((message) => message.id));
  const waiting = new Map([...people].map(([name, caller]) => [addressOf(name), caller]));
  await Promise.all([...waiting].map(([address, caller]) => must(caller.call('POST', '/sign-in/codes', { channel: 'email', address, language: 'en' }))));
  for (let look = 0; look < CODE_LOOKS && waiting.size > 0; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const { id, recipient, body } of await read()) {
      const caller = waiting.get(recipient);
      const code = /^\d{6}/.exec(body)?.[0];
      if (!caller || !code || seen.has(id)) continue;
      waiting.delete(recipient);
      await must(caller.call('POST', '/sign-in', { code }));
    }
  }
  if (waiting.size > 0) throw new Stop(`No code reached ${[...waiting.keys()].join(', ')}.`);
}

/** Makes everybody a member, opens the pot with its first money, and publishes what the rolling round keeps. */
export async function makeCast(stage: Stage, line: Line): Promise<Cast> {
  const callers = new Map([...ADMINISTRATORS, ...RESIDENTS, 'shop', 'helper'].map((name, index) => [name, makeCaller(line, `10.1.0.${index + 1}`)]));
  const callerOf = (name: string): Caller => callers.get(name) as Caller;
  const [first, second] = [callerOf(ADMINISTRATORS[0]), callerOf(ADMINISTRATORS[1])];
  await signIn(line, new Map([[ADMINISTRATORS[0], first]]));
  const invite = (name: string, role: string, organisation?: string) =>
    must(first.call<{ id: string }>('POST', `${fundPath}/members`, { channel: 'email', address: addressOf(name), role, name, ...(organisation ? { organisation } : {}) }));
  await invite(ADMINISTRATORS[1], 'administrator');
  await signIn(line, new Map([[ADMINISTRATORS[1], second]]));
  // From the second on, nobody is made an administrator by one person alone.
  for (const name of ADMINISTRATORS.slice(2)) {
    const { id } = await invite(name, 'administrator');
    await must(second.call('POST', `${fundPath}/invitations/${id}/answer`, { agree: true }));
  }
  for (const name of [...RESIDENTS, 'helper']) await invite(name, 'resident');
  await invite('shop', 'shop', 'The Shop');
  await signIn(line, new Map([...callers].filter(([name]) => name !== ADMINISTRATORS[0] && name !== ADMINISTRATORS[1])));
  const member = (name: string): Member => ({ ...callerOf(name), name });
  const [administrators, residents] = [ADMINISTRATORS.map(member), RESIDENTS.map(member)];
  const { potId, rolling } = await openFund(stage, administrators);
  for (const [index, resident] of residents.entries()) await must(resident.call('PUT', `${fundPath}/my-panels`, { area: ['North', 'South', 'Mill'][index % 3] }));
  for (const [index, administrator] of administrators.slice(0, 2).entries()) await must(administrator.call('PUT', `${fundPath}/my-door`, { household: doorOf(index) }));
  return { administrators, residents, shop: member('shop'), helper: member('helper'), potId, rolling };
}

/** Everybody comes back on a Monday: a session lasts two weeks. */
export async function signInAgain(line: Line, { administrators, residents, shop, helper }: Cast): Promise<void> {
  await signIn(line, new Map([...administrators, ...residents, shop, helper].map((member) => [member.name, member])));
}

async function openFund(stage: Stage, administrators: readonly Member[]): Promise<{ potId: string; rolling: string }> {
  const [first, second] = administrators as [Member, Member];
  const { id: potId } = await must(first.call<{ id: string }>('POST', `${fundPath}/pots`, { name: 'Neighbours', purpose: 'A simulation', restriction: { theme: '', area: '', people: '' } }));
  await must(first.call('POST', `${fundPath}/pots/${potId}/statements`, { publicFunds: 'no', benefits: 'A voucher is not counted as income.', adviser: 'Law centre', checkedOn: stage.clock.now.toISOString().slice(0, 10) }));
  await must(first.call('PUT', `${fundPath}/paying-terms`, { place: 'Hall', hours: 'Saturday', thanksPot: null, thanksLimitMinor: 0, thanksNote: '', hourMinor: 20_00 }));
  await publishCharter(first, 0);
  return { potId, rolling: await openRound([first, second], { title: 'All year', potId, kind: 'rolling' }) };
}

/** Publishes the charter of this number as the next version. */
export async function publishCharter(by: Member, number: 0 | 1 | 2): Promise<void> {
  const { charter } = await must(by.call<{ charter: { version: number } | null }>('GET', `${fundPath}/charter`));
  await must(by.call('POST', `${fundPath}/charter`, { content: charters[number], note: `Charter ${number + 1}`, after: charter?.version ?? null }));
}

/** Makes a round, and another than who published its charter opens it; the answer is its path. */
export async function openRound([publisher, opener]: readonly [Member, Member], given: object): Promise<string> {
  const { slug } = await must(publisher.call<{ slug: string }>('POST', `${fundPath}/grants`, given));
  await must(opener.call('POST', `${fundPath}/grants/${slug}/transitions`, { to: 'open' }));
  return `${fundPath}/grants/${slug}`;
}

/** A line of the bank statement that one administrator enters and another confirms. */
export async function refill({ administrators: [first, second], potId }: Pick<Cast, 'administrators' | 'potId'>, amountMinor: number, receivedOn: string, reference: string): Promise<void> {
  const { id } = await must((first as Member).call<{ id: string }>('POST', `${fundPath}/contributions`, { pledgeId: null, agencyId: null, potId, amountMinor, receivedOn, reference }));
  await must((second as Member).call('POST', `${fundPath}/contributions/${id}/confirm`, { amountMinor }));
}
