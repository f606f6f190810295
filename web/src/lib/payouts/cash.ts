/** Words for cash that several pages share. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listCash } from '@commonpot/server/payouts/cash/contract';
import { money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

export type CashView = AnswerOf<typeof listCash>['payments'][number];

/** Where a payment in cash stands. */
export function cashStateWords(state: CashView['state']): string {
  const words = {
    'ready': m.cash_state_ready, 'handed-over': m.cash_state_handed_over, 'collected': m.cash_state_collected,
    'cancelled': m.cash_state_cancelled, 'expired': m.cash_state_expired, 'disputed': m.cash_state_disputed,
  };
  return words[state]();
}

export const cashTones = { 'ready': 'sun', 'handed-over': 'pot', 'collected': 'leaf', 'cancelled': '', 'expired': '', 'disputed': 'pot' } as const;

/** What a counted box misses, in words. */
export function shortWords(shortMinor: number, currency: string): string {
  if (shortMinor === 0) return m.cash_box_right();
  return shortMinor > 0 ? m.cash_box_short({ amount: money(shortMinor, currency) }) : m.cash_box_over({ amount: money(-shortMinor, currency) });
}
