/** What can be wrong with a Pabulib file, as codes; whoever shows them has the words. */

const repairableCodes = [
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
  /**
   * The ballot breaks a limit of the META section; repaired, it counts as it stands, for the file says it was counted.
   * A limit of a sum is no ground to refuse the file: it is a remark in the strict reading too.
   */
  'ballot-limit',
  /** A ballot without a voter's id; repaired, it counts. */
  'voter-missing',
  /** A cost of zero; repaired, the project is not eligible. */
  'no-cost',
  /** A section, column, key or kind of ballot in other letters than the format's; repaired, it is that one. */
  'letter-case',
  /** A number as people or spreadsheets write it (1 000 000, 2.5E+05, 300 EUR); repaired, it is that number. */
  'number-form',
  /** A list with nothing between two commas; repaired, that is not there. */
  'empty-item',
  /** Bytes that are no UTF-8; repaired, they are UTF-16 where they say so, else Windows-1252. */
  'not-utf8',
  /** A quote that is never closed; repaired, quotes end with their line at the latest. */
  'unclosed-quote',
  /** `selected` is not 0, 1, 2 or 3; repaired, the file says nothing of what was funded. */
  'selected-value',
  /** Points nobody can match to projects, or no number; repaired, that ballot is left out. */
  'points-count', 'points-value',
  /** A META key is missing, twice or no number, and no count depends on it; repaired, it is not there, or the first holds. */
  'meta-missing', 'meta-twice', 'not-a-number',
  /** Commas or tabs between the fields; repaired, those are what parts them. */
  'other-separator',
  /** PROJECTS or VOTES before what they rest on; repaired, each section is read in its turn. */
  'section-out-of-order',
  /** The section META begins without its header; repaired, its columns are key and value. */
  'column-missing',
  /** A project's id in other letters, in brackets or quotes, with zeros before or ".0" behind; repaired, it is the one it can only be. */
  'id-form',
  /** Ids with something else than commas between them; repaired, they are a list. */
  'list-form',
  /** A project twice, word for word; repaired, it is one. */
  'project-twice',
] as const;

/** What a person would read as "not eligible", though it is a legal number: only the lenient reading sees it. */
export const NOT_ELIGIBLE_COST = 999_999_999n;

/** Some are repairable as well, where there is only one way to read them. */
const fatalCodes = [
  'not-utf8', 'nul', 'unclosed-quote', 'two-readings', 'section-missing', 'section-out-of-order', 'section-twice', 'text-before-sections', 'column-missing', 'column-twice',
  'meta-missing', 'meta-twice', 'vote-type', 'not-a-number', 'not-positive', 'too-large', 'too-fine', 'project-id-missing', 'project-twice',
  'points-missing',
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

  /** What neither reading refuses, and whoever counts should know. */
  remark(line: number, code: RepairableCode, detail: string): void {
    this.repairs.push({ line, code, detail: shortened(detail) });
  }

  notEligible(line: number, projectId: string): void {
    this.repairs.push({ line, code: 'not-eligible-cost', detail: projectId });
  }
}

/** A field may be a whole book. */
function shortened(detail: string): string {
  return detail.length <= DETAIL_MAX ? detail : `${detail.slice(0, DETAIL_MAX)}…`;
}
