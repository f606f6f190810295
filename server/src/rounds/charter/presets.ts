/** Charters to begin with: how funds of three kinds run. A fund changes them before it publishes its own. */
import type { Charter } from './rules.ts';

export interface Preset {
  name: 'neighbours' | 'health' | 'grants';
  charter: Charter;
}

const AGENCY: Charter['agency'] = { sees: 'figures', standsBehind: [] };
const DISPUTE: Charter['dispute'] = { words: 'Somebody who did not decide the first time looks at it again, within ten days. What they say stands.', appealDays: 28 };

export const presets: readonly Preset[] = [
  {
    // Any neighbour, any purpose, small sums at once: a mutual-aid group's fund.
    name: 'neighbours',
    charter: {
      bands: [{ upToMinor: 40_00, agree: 'at-once', proofOfAddress: false }, { upToMinor: 150_00, agree: 'one', proofOfAddress: false }],
      periodDays: 30, cooldownDays: 0, householdCapMinor: null, atOnceDailyMinor: 400_00, panelSeats: null, batches: true, order: { kind: 'as-they-come' },
      ways: ['voucher', 'cash', 'bank'], answerDays: 3, payDays: 3, agency: AGENCY, route: { kind: 'granted-to-host' }, dispute: DISPUTE, eraseAfterDays: 90,
    },
  },
  {
    // A health body's fund for costs that keep people ill: two people from a larger sum on.
    name: 'health',
    charter: {
      bands: [{ upToMinor: 100_00, agree: 'one', proofOfAddress: false }, { upToMinor: 300_00, agree: 'two', proofOfAddress: false }],
      periodDays: 182, cooldownDays: 28, householdCapMinor: 600_00, atOnceDailyMinor: null, panelSeats: null, batches: true, order: { kind: 'as-they-come' },
      ways: ['voucher', 'cash', 'bank'], answerDays: 5, payDays: 5, agency: AGENCY, route: { kind: 'granted-to-host' }, dispute: DISPUTE, eraseAfterDays: 180,
    },
  },
  {
    // A council's small grants, with a window, a panel for what is large, and a draw where the money is short.
    name: 'grants',
    charter: {
      bands: [{ upToMinor: 250_00, agree: 'two', proofOfAddress: false }, { upToMinor: 1_000_00, agree: 'panel', proofOfAddress: true }],
      periodDays: 366, cooldownDays: 182, householdCapMinor: 1_000_00, atOnceDailyMinor: null, panelSeats: 5, batches: false,
      order: { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 5, reservePercent: 10 },
      ways: ['voucher', 'cash', 'bank'], answerDays: 28, payDays: 10, agency: { sees: 'coded-rows', standsBehind: [] },
      route: { kind: 'agency-adopts', body: 'The neighbourhood committee', withinDays: 10, reasons: ['The money may not be spent on this by law.', 'The same person was awarded twice.'] },
      dispute: DISPUTE, eraseAfterDays: 365,
    },
  },
];
