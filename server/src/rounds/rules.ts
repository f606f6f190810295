/** Phases, dates and what a check proves, as pure functions. */
import { createHash } from 'node:crypto';
import type { Credential, Phase, round } from '@commonpot/db/rounds';

export type Round = typeof round.$inferSelect;

/** Where a round can go from each phase. One that gathers no ideas goes from draft to notice. */
export const nextPhases = {
  draft: ['ideas', 'notice'], ideas: ['review'], review: ['notice'], notice: ['voting'], voting: ['counting'],
  counting: ['results'], results: ['delivery'], delivery: ['closed'], closed: [],
} as const satisfies Record<Phase, readonly Phase[]>;

export const PHASES = Object.keys(nextPhases) as [Phase, ...Phase[]];
export const CREDENTIALS = ['sign-in', 'roll', 'code'] as const satisfies readonly Credential[];

type Dates = Pick<Round, 'ideasOpenAt' | 'ideasCloseAt' | 'noticeAt' | 'votingOpensAt' | 'votingClosesAt' | 'resultsAt'>;

/** The date that moves a round into a phase; null where there is none. */
function dateOf(round: Dates, to: Phase): Date | null {
  switch (to) {
    case 'ideas': return round.ideasOpenAt;
    case 'review': return round.ideasCloseAt;
    case 'notice': return round.noticeAt;
    case 'voting': return round.votingOpensAt;
    case 'counting': return round.votingClosesAt;
    case 'results': return round.resultsAt;
    default: return null;
  }
}

/** The phase a round is due to enter at `now`, or null. A draft waits for a person, unless it has the day on which ideas are gathered. */
export function duePhase(round: Dates & Pick<Round, 'phase'>, now: Date): Phase | null {
  const [to] = nextPhases[round.phase];
  if (!to) return null;
  const date = dateOf(round, to);
  return date && date <= now ? to : null;
}

/** What a person's move is: a step where no date stands in its way, else an override, which needs a reason. */
export function moveKind(round: Dates & Pick<Round, 'phase'>, to: Phase, now: Date): 'step' | 'override' {
  const date = round.phase === 'draft' ? null : dateOf(round, to);
  return date && date > now ? 'override' : 'step';
}

/** How many days after the seal each person can see whether a ballot was counted in their name. */
const TURNOUT_ROLL_DAYS = 28;

/** When the turnout roll of a round sealed at `sealedAt` is erased. */
export function turnoutRollEnd(sealedAt: Date): Date {
  return new Date(sealedAt.getTime() + TURNOUT_ROLL_DAYS * 24 * 60 * 60_000);
}

export type Proof = 'one-address' | 'one-code' | 'one-name';

/** What the check of who takes part proves: the weakest of the credentials. Null while none is chosen. */
export function whatIsProved(credentials: readonly Credential[]): Proof | null {
  if (credentials.includes('sign-in')) return 'one-address';
  if (credentials.includes('roll')) return 'one-name';
  return credentials.includes('code') ? 'one-code' : null;
}

/** Whether codes must be assigned to names, because somebody could otherwise come in by another way as well. */
export function codesNeedNames(credentials: readonly Credential[]): boolean {
  return credentials.some((credential) => credential !== 'code');
}

/** Notice, opening, close and results follow each other, and the close is still ahead. */
export function datesInOrder(round: Dates, now: Date): boolean {
  const { noticeAt, votingOpensAt, votingClosesAt, resultsAt } = round;
  if (!votingOpensAt || !votingClosesAt) return false;
  return (!noticeAt || noticeAt <= votingOpensAt) && votingOpensAt < votingClosesAt && votingClosesAt > now && (!resultsAt || resultsAt >= votingClosesAt);
}

/** SHA-256 of a rule as JSON without spaces, the names in every object sorted: the same rule, the same digest. */
export function digestRule(rule: Record<string, unknown>): Buffer {
  return createHash('sha256').update(canonicalJson(rule)).digest();
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each)}`).join(',')}}`;
}

/** The title as it stands in addresses: `Tanner Hill votes` becomes `tanner-hill-votes`. */
export function slugOf(title: string): string {
  const slug = title.normalize('NFKD').toLowerCase().replace(/[’']/g, '').replace(/[^a-z0-9]+/g, '-').slice(0, 50).replace(/^-+|-+$/g, '');
  // The pages' address for starting a round.
  if (slug === 'new') return 'new-round';
  return slug === '' ? 'round' : slug;
}
