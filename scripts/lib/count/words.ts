/** The English of `pnpm count`: what a preset does, what is wrong with a file, why a project won or did not. */
import type { Reason } from '../../../server/src/votes/counting/outcome.ts';
import type { Problem, Repair } from '../../../server/src/votes/counting/pabulib-problems.ts';
import type { PresetName } from '../../../server/src/votes/counting/presets.ts';

const raised = 'every ballot gets one unit of money more at a time';

export const presetSentences: Record<PresetName, string> = {
  greedy: 'Most votes first; what no longer fits is skipped.',
  'greedy-no-skip': 'Most votes first; the first project that does not fit ends the list.',
  'greedy-threshold': "Most votes first, but only projects with the votes that the file's META asks for.",
  'greedy-exclusive': 'Most votes first; of projects in conflict only the first is funded (name the conflicts in a rule file).',
  'greedy-per-cost': 'Most votes for the money first; what no longer fits is skipped.',
  'equal-shares': 'Every ballot has an equal share of the budget; supporters buy projects together, best value for cost first.',
  'equal-shares-cardinality': 'Equal shares, where every funded project counts the same to its supporters, whatever it cost.',
  'equal-shares-points': 'Equal shares, where a funded project counts as many points as its supporters gave it.',
  'equal-shares-ranks': 'Equal shares by points, where the last of a ranking still counts one.',
  'equal-shares-comparison': 'Equal shares, or most votes first where more ballots are better off with that.',
  'equal-shares-points-add1-utilitarian': 'Equal shares by points, raised by 1 until they would overspend or nothing more fits; what is left goes by votes.',
  'equal-shares-ranks-add1-utilitarian': 'Equal shares by place in the ranking, raised by 1 until they would overspend or nothing more fits; what is left goes by votes.',
  'equal-shares-utilitarian': 'Equal shares; what is left goes by most votes.',
  'equal-shares-add1': `Equal shares; ${raised} until the next unit would overspend.`,
  'equal-shares-add1-exhaustive': `Equal shares; ${raised} until nothing more fits or the next unit would overspend.`,
  'equal-shares-add1-utilitarian': `Equal shares; ${raised} until nothing more fits or the next unit would overspend; the rest goes by most votes.`,
  'equal-shares-cardinality-add1': `Equal shares by number of projects; ${raised} until the next unit would overspend.`,
  'equal-shares-cardinality-add1-exhaustive': `Equal shares by number of projects; ${raised} until nothing more fits or the next unit would overspend.`,
  'equal-shares-points-add1': `Equal shares by points; ${raised} until the next unit would overspend.`,
  'equal-shares-points-add1-exhaustive': `Equal shares by points; ${raised} until nothing more fits or the next unit would overspend.`,
  phragmen: 'Every ballot earns money at one pace; supporters buy a project as soon as they can; ends at the first that no longer fits.',
  wieliczka: 'Wieliczka 2023: equal shares in whole units, raised until the next would overspend, or most votes first if more ballots gain.',
  swiecie: 'Świecie 2023: equal shares in whole units, raised until the next would overspend.',
  assen: 'Assen 2024: equal shares in whole units, raised until the next would overspend.',
};

const problemWords: Record<Problem['code'] | Repair['code'], string> = {
  'decimal-comma': 'a decimal comma where a point belongs',
  'wrong-count': 'a figure that the ballots do not bear out',
  'project-twice-on-ballot': 'a ballot names a project twice',
  'unknown-project': 'a ballot names a project that the file does not have',
  'stray-space': 'a space where none belongs',
  'field-count': 'not as many fields as the header',
  'blank-line': 'a blank line',
  'voter-twice': 'a second ballot of one voter',
  'voter-missing': 'a ballot without a voter',
  'ballot-limit': 'a ballot breaks a limit that META sets',
  'no-cost': 'a project without a cost',
  'not-eligible-cost': 'a cost that stands for "not eligible"',
  'other-separator': 'something else than semicolons between the fields',
  'id-form': 'a project\'s id in another writing',
  'list-form': 'something else than commas in a list',
  'letter-case': 'small and capital letters other than the format has them',
  'number-form': 'a number not written as the format has it',
  'two-readings': 'a comma that could part thousands or decimals',
  'empty-item': 'a list with nothing between two commas',
  'not-utf8': 'not UTF-8 text, somewhere from here on',
  nul: 'a NUL character, which no text has',
  'unclosed-quote': 'a quote that is never closed',
  'section-missing': 'a section is missing',
  'section-out-of-order': 'a section out of order',
  'section-twice': 'a section comes twice',
  'text-before-sections': 'text before the section META',
  'column-missing': 'a column is missing',
  'column-twice': 'two columns with one name',
  'meta-missing': 'META lacks a key',
  'meta-twice': 'a META key comes twice',
  'vote-type': 'an unknown kind of ballot',
  'not-a-number': 'not a number',
  'not-positive': 'not above zero',
  'too-large': 'too large to count exactly',
  'too-fine': 'more than six decimals',
  'project-id-missing': 'a project without an id',
  'project-twice': 'two projects with one id',
  'selected-value': '"selected" is not 0, 1, 2 or 3',
  'points-missing': 'ballots of this kind need a column "points"',
  'points-count': 'not as many points as projects on a ballot',
  'points-value': 'points that are no number, too large, or below zero where ballots cannot take any away',
};

export function problemText({ line, code, detail }: Problem | Repair): string {
  return `line ${line}: ${problemWords[code]}${detail === '' ? '' : `: ${detail}`}`;
}

export function reasonText(reason: Reason, money: (minor: number) => string): string {
  switch (reason.kind) {
    case 'won':
      return `funded, number ${reason.place}${reason.through === 'completion' ? ', out of what was left' : ''}`;
    case 'no-votes':
      return 'no votes for it, or as many points against it as for it';
    case 'withdrawn':
      return 'not eligible';
    case 'below-threshold':
      return `fewer than ${reason.needed} ${reason.of}`;
    case 'conflict':
      return `in conflict with ${reason.with}`;
    case 'cap':
      return `${money(reason.overMinor)} over the cap of ${reason.of} ${reason.name}`;
    case 'short':
      return `${money(reason.shortMinor)} short after the ${reason.afterWinners} above it`;
    case 'stopped':
      return `the list ended at ${reason.at}`;
    case 'supporters-short':
      return `its supporters had ${money(reason.supportersMinor)} left, ${money(reason.shortMinor)} short`;
  }
}
