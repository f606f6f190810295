/** The words for where money is and how it moved. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listContributions, listPots, listTransfers } from '@commonpot/server/money/contract';
import { inOneLine } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

export type Pot = AnswerOf<typeof listPots>['pots'][number];
export type Transfer = AnswerOf<typeof listTransfers>['transfers'][number];
export type ContributionState = AnswerOf<typeof listContributions>['contributions'][number]['state'];

/** What a pot's money is bound to, as one phrase; empty where it is bound to nothing. */
export function boundTo({ theme, area, people }: Pot['restriction']): string {
  return inOneLine([theme, area, people]);
}

/** A place of the ledger: `set aside in Warm homes`. */
export function placeWords({ kind, pot }: Transfer['from']): string {
  const words = { outside: m.money_place_outside, pot: m.money_place_pot, reservation: m.money_place_reservation, voucher: m.money_place_voucher, payable: m.money_place_payable, cash: m.money_place_cash };
  return words[kind]({ pot: pot ?? '' });
}

const moves: Record<string, (facts: { pot: string }) => string> = {
  'outside pot': m.money_move_in, 'pot reservation': m.money_move_reserved, 'reservation pot': m.money_move_released, 'reservation voucher': m.money_move_voucher,
  'voucher payable': m.money_move_spent, 'payable outside': m.money_move_shop, 'reservation outside': m.money_move_paid,
  'reservation cash': m.money_move_cash, 'cash outside': m.money_move_cash_collected, 'cash reservation': m.money_move_cash_back,
};

/** What a transfer was, in a few words: `Came into Warm homes`. */
export function moveWords({ from, to, reverses }: Transfer): string {
  const places = { from: placeWords(from), to: placeWords(to) };
  if (reverses) return m.money_move_reversal(places);
  const words = moves[`${from.kind} ${to.kind}`];
  return words ? words({ pot: from.pot ?? to.pot ?? '' }) : m.money_move_other(places);
}

export function stateWords(state: ContributionState): string {
  const words = { entered: m.money_state_entered, confirmed: m.money_state_confirmed, dropped: m.money_state_dropped, 'reversal-asked': m.money_state_reversal_asked, reversed: m.money_state_reversed };
  return words[state]();
}

/** The day of a bank statement, which is in no time zone, as a moment that `day` can show. */
export function statementDay(date: string): string {
  return `${date}T12:00:00Z`;
}
