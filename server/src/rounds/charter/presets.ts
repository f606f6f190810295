/** Charters to begin with, taken from how real funds of three kinds run; docs/decisions/charter.md names them. A fund changes them before it publishes its own. */
import type { Charter } from './rules.ts';

export interface Preset {
  name: 'neighbours' | 'health' | 'grants';
  charter: Charter;
}

const AGENCY: Charter['agency'] = { sees: 'figures', standsBehind: [] };
// Councils give a month to ask for a review, by somebody who did not decide, and that is final: Cheshire West and Chester, Torbay, Southend.
const DISPUTE: Charter['dispute'] = { words: 'Somebody who did not decide the first time looks at it again, with as many days for it. What they say stands.', appealDays: 31 };

export const presets: readonly Preset[] = [
  {
    // Any neighbour, any purpose, £50 a month, paid within three days of a yes: SE15, Goose Green, Lambeth and Brent in London.
    name: 'neighbours',
    charter: {
      bands: [{ upToMinor: 30_00, agree: 'at-once', proofOfAddress: false }, { upToMinor: 50_00, agree: 'one', proofOfAddress: false }],
      periodDays: 30, cooldownDays: 0, householdCapMinor: null, atOnceDailyMinor: 300_00, panelSeats: null, batches: true, order: { kind: 'as-they-come' },
      ways: ['voucher', 'cash', 'bank'], answerDays: 3, payDays: 3, agency: AGENCY, route: { kind: 'granted-to-host' }, dispute: DISPUTE, eraseAfterDays: 90, disclosureDays: 180,
    },
  },
  {
    // A hospital charity's hardship grants: at any time, £1,500 a patient, an answer within five working days (Imperial Health Charity).
    name: 'health',
    charter: {
      bands: [{ upToMinor: 250_00, agree: 'one', proofOfAddress: false }, { upToMinor: 1_500_00, agree: 'two', proofOfAddress: false }],
      periodDays: 366, cooldownDays: 0, householdCapMinor: null, atOnceDailyMinor: null, panelSeats: null, batches: true, order: { kind: 'as-they-come' },
      ways: ['voucher', 'cash', 'bank'], answerDays: 7, payDays: 5, agency: AGENCY, route: { kind: 'granted-to-host' }, dispute: DISPUTE, eraseAfterDays: 366, disclosureDays: 180,
    },
  },
  {
    // A council's small grants: £500 and £1,000, twice a year, once in half a year for one household, with a panel, and a committee
    // that keeps the last word (Deal, Rother, Torbay). A draw in the place of a form that closes in two minutes (Lambeth).
    name: 'grants',
    charter: {
      bands: [{ upToMinor: 500_00, agree: 'two', proofOfAddress: false }, { upToMinor: 1_000_00, agree: 'panel', proofOfAddress: true }],
      periodDays: 182, cooldownDays: 182, householdCapMinor: 1_000_00, atOnceDailyMinor: null, panelSeats: 5, batches: false,
      order: { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 5, reservePercent: 10 },
      ways: ['voucher', 'cash', 'bank'], answerDays: 28, payDays: 10, agency: { sees: 'coded-rows', standsBehind: [] },
      route: { kind: 'agency-adopts', body: 'The grants committee', agency: null, withinDays: 10, reasons: ['The law does not let this money be spent on it.', 'The same request was awarded twice.'] },
      dispute: DISPUTE, eraseAfterDays: 365, disclosureDays: 180,
    },
  },
];
