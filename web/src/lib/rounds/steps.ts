/** The steps in which a round is set up, and which comes next. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readRound } from '@commonpot/server/rounds/contract';

export type AdminRound = AnswerOf<typeof readRound>;
export const STEPS = ['name', 'money', 'who', 'projects', 'counting', 'dates'] as const;
export type Step = (typeof STEPS)[number];

/** Whether a step has its answer. */
export function isAnswered(round: AdminRound, step: Step): boolean {
  switch (step) {
    case 'name': return true;
    case 'money': return (round.potId !== null || round.isPractice) && round.budgetMinor !== null;
    case 'who': return round.credentials.length > 0;
    case 'projects': return round.projects > 0;
    case 'counting': return round.ballotForm !== null && round.rule !== null;
    case 'dates': return round.votingOpensAt !== null && round.votingClosesAt !== null;
  }
}

/** The first step without an answer, or null when every question was asked. */
export function nextStep(round: AdminRound): Step | null {
  return STEPS.find((step) => !isAnswered(round, step)) ?? null;
}

/** Whether nothing that decides can change any more. */
export function isFrozen(round: AdminRound): boolean {
  return round.frozenAt !== null;
}
