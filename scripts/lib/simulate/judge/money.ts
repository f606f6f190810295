/** The ledger, replayed transfer by transfer: nothing below zero, every award set aside once, and nobody paid twice. */
import type { Finding } from './case.ts';
import type { Account, FundRecord, Transfer } from './record.ts';
import { stateBefore, type Story } from './steps.ts';

type Ledger = Pick<FundRecord, 'transfers' | 'accounts'>;
type Say = (rule: string) => void;

/** Replays all of it, and follows each award from its pot to whoever was paid. */
export function judgeMoney(record: FundRecord, stories: ReadonlyMap<string, Story>): Finding[] {
  const findings = replay(record);
  const out = Map.groupBy(record.transfers, (each) => each.from);
  const into = Map.groupBy(record.transfers, (each) => each.to);
  const ofSubject = new Map([...record.accounts.values()].map((account) => [`${account.kind}:${account.subject}`, account]));
  const tries = Map.groupBy(record.events.map((event, turn) => ({ ...event, turn })).filter((event) => event.name.startsWith('award.payment-')), (event) => event.subject.request ?? '');
  const awardOf = new Map(record.awards.map((award) => [award.request, award]));
  for (const event of record.events) {
    if (event.name !== 'award.made' || !event.subject.requestId) continue;
    const award = awardOf.get(event.subject.requestId);
    if (!award || award.id !== event.subject.awardId || award.amount !== Number(event.subject.amountMinor)) findings.push({ rule: 'record-differs', what: event.subject.requestId });
  }
  for (const story of stories.values()) {
    const award = awardOf.get(story.id);
    if (!award) {
      if (story.awardedTurn !== null) findings.push({ rule: 'award-missing', what: story.id });
      continue;
    }
    const say: Say = (rule) => void findings.push({ rule, what: story.id });
    const reservation = ofSubject.get(`reservation:${award.id}`);
    if (story.awardedTurn === null || award.amount !== story.amount || !reservation) say('award-differs');
    if (reservation) followAward({ ...record, out, into, ofSubject }, { story, amount: award.amount, reservation, tries: tries.get(story.id) ?? [] }, say);
  }
  return findings;
}

/** Every account but the outside stays at or above zero at every moment, and its level is what its transfers make. */
function replay({ transfers, accounts }: Ledger): Finding[] {
  const findings: Finding[] = [];
  const balance = new Map<string, number>();
  const isBound = (id: string): boolean => accounts.get(id)?.kind !== 'outside';
  const change = (id: string, by: number): void => void balance.set(id, (balance.get(id) ?? 0) + by);
  let moment: Transfer[] = [];
  const endMoment = (): void => {
    for (const id of new Set(moment.map((each) => each.from))) if (isBound(id) && (balance.get(id) ?? 0) < 0) findings.push({ rule: 'below-zero', what: id });
    moment = [];
  };
  for (const transfer of transfers) {
    if (moment.length > 0 && moment[0]?.at !== transfer.at) endMoment();
    if (!(transfer.amount > 0)) findings.push({ rule: 'not-positive', what: transfer.id });
    change(transfer.from, -transfer.amount);
    change(transfer.to, transfer.amount);
    moment.push(transfer);
  }
  endMoment();
  for (const { id, level } of accounts.values()) if (isBound(id) && (level ?? 0) !== (balance.get(id) ?? 0)) findings.push({ rule: 'level-differs', what: id });
  if (Math.abs([...balance.values()].reduce((sum, each) => sum + each, 0)) > 0) findings.push({ rule: 'not-zero-in-all', what: 'ledger' });
  return findings;
}

interface Flows extends Ledger {
  out: Map<string, Transfer[]>;
  into: Map<string, Transfer[]>;
  /** By `kind:subject`. */
  ofSubject: Map<string, Account>;
  carried: Map<string, string>;
  payouts: Map<string, string>;
}

interface Followed {
  story: Story;
  amount: number;
  reservation: Account;
  tries: readonly { name: string; subject: Record<string, string>; turn: number }[];
}

const sumOf = (transfers: readonly Transfer[] | undefined, fits: (each: Transfer) => boolean = () => true): number => (transfers ?? []).filter(fits).reduce((sum, each) => sum + each.amount, 0);

/** One award: set aside in one piece, paid by tries that were begun for it, at most once, and never more than it was. */
function followAward(flows: Flows, { story, amount, reservation, tries }: Followed, say: Say): void {
  const setAside = (flows.into.get(reservation.id) ?? []).filter((each) => each.kind === 'award');
  if (setAside.length !== 1 || setAside[0]?.amount !== amount) say('not-set-aside-once');
  const begun = tries.filter((each) => each.name === 'award.payment-started');
  const failed = new Set(tries.filter((each) => each.name === 'award.payment-failed').map((each) => each.subject.payment));
  let live = 0;
  for (const each of tries) {
    live += each.name === 'award.payment-started' ? 1 : each.name === 'award.payment-failed' ? -1 : 0;
    if (live > 1) say('two-tries-at-once');
    if (each.name === 'award.payment-started' && stateBefore(story, each.turn) !== 'awarded') say('paid-unawarded');
  }
  const carried = new Set(begun.map((each) => each.subject.carried ?? ''));
  for (const [id, from] of flows.carried) if (from === reservation.id && !carried.has(id)) say('paid-past-the-desk');
  const delivered = begun.map(({ subject }) => ({ payment: subject.payment, amount: deliveredBy(flows, reservation, subject) }));
  const total = delivered.reduce((sum, each) => sum + each.amount, 0);
  if (delivered.filter((each) => each.amount > 0).length > 1) say('paid-twice');
  if (total > amount) say('paid-too-much');
  if (delivered.some((each) => failed.has(each.payment) && each.amount > 0)) say('paid-though-failed');
  if (story.returnedTurn !== null && total > 0) say('paid-and-returned');
  judgeSums(flows, reservation, amount, [...carried], total, say);
}

/** What reached the person by one try: taken from a voucher, collected in cash, or gone through the bank and not come back. */
function deliveredBy({ out, into, ofSubject, payouts }: Flows, reservation: Account, { way, carried = '' }: Record<string, string>): number {
  if (way === 'bank') {
    const isOurs = (each: Transfer): boolean => payouts.get(each.subject ?? '') === carried;
    return sumOf(out.get(reservation.id), isOurs) - sumOf(into.get(reservation.id), isOurs);
  }
  const account = ofSubject.get(`${way}:${carried}`);
  if (!account) return 0;
  return sumOf(out.get(account.id), (each) => each.to !== reservation.id) - sumOf(into.get(account.id), (each) => each.from !== reservation.id);
}

/** Award = what is still set aside + what lies on vouchers and in cash + what was delivered + what went back. */
function judgeSums({ out, into, ofSubject, accounts }: Flows, reservation: Account, amount: number, carried: readonly string[], delivered: number, say: Say): void {
  const kindOf = (id: string): string => accounts.get(id)?.kind ?? '';
  const back = sumOf(out.get(reservation.id), (each) => kindOf(each.to) === 'pot' || kindOf(each.to) === 'reservation');
  const lying = carried.flatMap((id) => [ofSubject.get(`voucher:${id}`), ofSubject.get(`cash:${id}`)]).reduce((sum, account) => sum + (account?.level ?? 0), 0);
  const strange = sumOf(out.get(reservation.id), (each) => !['voucher', 'cash', 'outside', 'pot', 'reservation'].includes(kindOf(each.to)));
  if (strange > 0 || (reservation.level ?? 0) + lying + delivered + back !== amount) say('sums-differ');
  if (sumOf(into.get(reservation.id), (each) => kindOf(each.from) === 'pot' || kindOf(each.from) === 'reservation') !== amount) say('sums-differ');
}
