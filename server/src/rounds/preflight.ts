/** What must hold before voting opens: what every round needs, and what its kind adds. */
import type { Transaction } from '@commonpot/db/client';
import type { Phase } from '@commonpot/db/rounds';
import type { ProblemFacts } from '../platform/problems.ts';
import type { Services } from '../platform/services.ts';
import { codesOfUnknownAge } from './consent/reads.ts';
import type { PreflightItem } from './kind.ts';
import { freeInPot, projectsToCheck } from './reads.ts';
import { countRoll } from './roll/reads.ts';
import { codesNeedNames, datesInOrder, type Round } from './rules.ts';

const NAMED_MAX = 20;
/** What may still be missing when the ballot is published. */
const NOT_NEEDED_FOR_NOTICE = ['roll-filled', 'recovery-settled'];

/** Every item, whether it holds or not, in the order in which a person sets a round up. */
export async function preflight(tx: Transaction, round: Round, services: Services, now: Date): Promise<PreflightItem[]> {
  return [
    ...(await moneyItems(tx, round, services)),
    ...(await rollItems(tx, round)),
    ...(await projectItems(tx, round)),
    item('dates-in-order', datesInOrder(round, now)),
    ...(await services.roundKinds[round.kind].preflight(tx, round, services, now)),
    item('recovery-settled', round.keyAcceptedBy !== null || round.recoveryPrintedAt !== null),
  ];
}

/** The codes of what is missing for entering a phase. Only notice and voting ask. */
export async function findMissing(tx: Transaction, round: Round, to: Phase, services: Services, now: Date): Promise<string[]> {
  if (to !== 'notice' && to !== 'voting') return [];
  const items = await preflight(tx, round, services, now);
  return items.filter((each) => !each.ok && each.isNeeded && (to === 'voting' || !NOT_NEEDED_FOR_NOTICE.includes(each.code))).map((each) => each.code);
}

function item(code: string, ok: boolean, facts: ProblemFacts = {}): PreflightItem {
  return { code, ok, isNeeded: true, facts };
}

/** Worth knowing, and no reason to wait. */
function advice(code: string, ok: boolean, facts: ProblemFacts): PreflightItem {
  return { ...item(code, ok, facts), isNeeded: false };
}

async function moneyItems(tx: Transaction, round: Round, services: Services): Promise<PreflightItem[]> {
  const { potId, budgetMinor, currency } = round;
  // It has an amount to vote about, and no pot.
  if (round.isPractice) return [item('budget-set', budgetMinor !== null, { currency })];
  const short = await shortPot(tx, round, services);
  return [
    item('pot-chosen', potId !== null),
    item('budget-set', budgetMinor !== null, { currency }),
    item('budget-covered', potId !== null && budgetMinor !== null && !short, { ...(short ?? { budgetMinor: budgetMinor ?? 0, freeMinor: 0 }), currency }),
  ];
}

/** The first pot that holds less than the round takes out of it. */
async function shortPot(tx: Transaction, round: Round, services: Services): Promise<{ budgetMinor: number; freeMinor: number } | null> {
  for (const [potId, budgetMinor] of await services.roundKinds[round.kind].shares(tx, round)) {
    const freeMinor = potId ? await freeInPot(tx, round.fundId, potId) : 0;
    if (freeMinor < budgetMinor) return { budgetMinor, freeMinor };
  }
  return null;
}

async function rollItems(tx: Transaction, round: Round): Promise<PreflightItem[]> {
  const { credentials } = round;
  const counts = await countRoll(tx, round.fundId, round.id);
  const unknownAges = round.consentBelowAge === null ? 0 : await codesOfUnknownAge(tx, round);
  const needsRoll = credentials.includes('roll') || (credentials.includes('code') && !credentials.includes('sign-in'));
  const filled = (!credentials.includes('roll') || counts.names > 0) && (!credentials.includes('code') || counts.codes > 0);
  return [
    item('credentials-chosen', credentials.length > 0),
    item('roll-filled', !needsRoll || filled, { names: counts.names, codes: counts.codes, needsNames: codesNeedNames(credentials) }),
    ...(round.consentBelowAge === null ? [] : [item('consents-known', unknownAges === 0, { count: unknownAges })]),
    item('areas-known', counts.unknownAreas === 0, { count: counts.unknownAreas }),
    // Somebody with a code that bears no name could come in by another way as well, and nothing could tell.
    item('one-person-once', !codesNeedNames(credentials) || counts.codesWithoutName === 0, { codesWithoutName: counts.codesWithoutName }),
  ];
}

async function projectItems(tx: Transaction, round: Round): Promise<PreflightItem[]> {
  const projects = await projectsToCheck(tx, round.fundId, round.id);
  const named = (found: typeof projects): ProblemFacts => ({ count: found.length, numbers: found.slice(0, NAMED_MAX).map((each) => each.number) });
  const tooDear = projects.filter((each) => round.budgetMinor !== null && each.costMinor > round.budgetMinor);
  const undelivered = projects.filter((each) => each.delivererName === null);
  return [
    item('projects-there', projects.length > 0, { count: projects.length }),
    // It cannot win, and cities have printed such a ballot all the same.
    advice('projects-affordable', tooDear.length === 0, named(tooDear)),
    item('projects-delivered', undelivered.length === 0, named(undelivered)),
  ];
}
