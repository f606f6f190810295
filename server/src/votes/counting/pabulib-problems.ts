/** What can be wrong with a Pabulib file, as codes; whoever shows them has the words. */

export const repairableCodes = [
  /** A number with a comma for its decimals; repaired, the comma is a point. */
  'decimal-comma',
  /** `num_projects`, `num_votes`, or a project's `votes` or `score` differ from the ballots; repaired, the ballots count. */
  'wrong-count',
  /** A project twice on one ballot; repaired, it counts once, as it stands first. */
  'project-twice-on-ballot',
  /** A ballot names no project of the file; repaired, that line is left out. */
  'unknown-project',
  /** A space around an id or a number; repaired, it is not there. */
  'stray-space',
  /** Fewer or more fields than the section's header; repaired, missing ones are empty and further ones are left out. */
  'field-count',
  /** A line with nothing on it between others; repaired, it is left out. */
  'blank-line',
  /** A second ballot under one voter's id; repaired, the first counts. */
  'voter-twice',
  /** The ballot breaks a limit of the META section; repaired, it counts as it stands, for the file says it was counted. */
  'ballot-limit',
  /** A ballot without a voter's id; repaired, it counts. */
  'voter-missing',
  /** A cost of zero; repaired, the project is not eligible. */
  'no-cost',
] as const;

/** What a person would read as "not eligible", though it is a legal number: only the lenient reading sees it. */
export const NOT_ELIGIBLE_COST = '999999999';

const fatalCodes = [
  'not-utf8', 'nul', 'unclosed-quote', 'section-missing', 'section-out-of-order', 'section-twice', 'text-before-sections', 'column-missing', 'column-twice',
  'meta-missing', 'meta-twice', 'vote-type', 'not-a-number', 'not-positive', 'too-large', 'too-fine', 'project-id-missing', 'project-twice',
  'selected-value', 'points-missing', 'points-count', 'points-value',
] as const;

export type RepairableCode = (typeof repairableCodes)[number];
export type FatalCode = (typeof fatalCodes)[number];

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly code: RepairableCode | FatalCode;
  /** The offending text, a name and a figure: to be shown beside the code's sentence. */
  readonly detail: string;
}

/** What the lenient reading did, beyond refusing nothing. */
export interface Repair {
  readonly line: number;
  readonly code: RepairableCode | 'not-eligible-cost';
  readonly detail: string;
}

const PROBLEMS_MAX = 50;
const DETAIL_MAX = 120;

/** Collects problems; in a lenient reading, repairs. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly repairs: Repair[] = [];
  readonly lenient: boolean;

  constructor(lenient: boolean) {
    this.lenient = lenient;
  }

  /** Beyond so many problems a file is not worth reading on. */
  get isFull(): boolean {
    return this.problems.length >= PROBLEMS_MAX;
  }

  /** What nobody could read around. */
  fatal(line: number, code: FatalCode, detail: string): void {
    if (!this.isFull) this.problems.push({ line, code, detail: shortened(detail) });
  }

  repairable(line: number, code: RepairableCode, detail: string): void {
    if (this.lenient) this.repairs.push({ line, code, detail: shortened(detail) });
    else if (!this.isFull) this.problems.push({ line, code, detail: shortened(detail) });
  }

  notEligible(line: number, projectId: string): void {
    this.repairs.push({ line, code: 'not-eligible-cost', detail: projectId });
  }
}

/** A field may be a whole book. */
function shortened(detail: string): string {
  return detail.length <= DETAIL_MAX ? detail : `${detail.slice(0, DETAIL_MAX)}…`;
}
