/** The VOTES section: ballots, checked one by one and merged as they come. */
import { BallotBox, type BallotGroups } from './ballots.ts';
import { pointsOfBallot, type Project, type VoteType } from './election.ts';
import { brokenLimit, type BallotLimits } from './pabulib-limits.ts';
import type { PointScale } from './pabulib-points.ts';
import type { Findings } from './pabulib-problems.ts';
import type { Row } from './pabulib-rows.ts';
import { listOf, type Header } from './pabulib-sections.ts';

/** What the sections before the ballots say of them. */
export interface VoteTerms {
  readonly projects: readonly Project[];
  readonly voteType: VoteType;
  readonly limits: BallotLimits;
  readonly scale: PointScale;
  /** What a scoring ballot gives to each project it does not name, in the scale's points. */
  readonly defaultScore: number;
  /** Keep the area of each ballot. */
  readonly areas: boolean;
}

export interface VotesTally {
  readonly groups: BallotGroups;
  readonly rows: number;
  readonly mentions: Float64Array;
  readonly score: Float64Array;
}

/** What people put between the items of a list where the format has commas. */
const otherComma = /[|;/\s]+/;

export class VoteReader {
  readonly #box: BallotBox;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #voters = new Set<string>();
  readonly #columns: { voter: number; vote: number; points: number; area: number };
  /** By project index, with every mention of a ballot counted as often as it stands there. */
  readonly #mentions: Float64Array;
  readonly #score: Float64Array;
  /** By project index: the number of the last row that names it. */
  readonly #lastRow: Uint32Array;
  #byForm: ReadonlyMap<string, number | undefined> | undefined;
  readonly #header: Header;
  readonly #terms: VoteTerms;
  readonly #findings: Findings;
  #rows = 0;

  constructor(header: Header, terms: VoteTerms, findings: Findings) {
    this.#header = header;
    this.#terms = terms;
    this.#findings = findings;
    const { length } = terms.projects;
    this.#box = new BallotBox(length);
    this.#indexOf = new Map(terms.projects.map((project, index) => [project.id, index]));
    this.#mentions = new Float64Array(length);
    this.#score = new Float64Array(length);
    this.#lastRow = new Uint32Array(length);
    const area = header.has('neighborhood') ? header.at('neighborhood') : header.at('district');
    this.#columns = { voter: header.at('voter_id'), vote: header.at('vote'), points: header.at('points'), area: terms.areas ? area : -1 };
  }

  get hasPoints(): boolean {
    return this.#terms.voteType === 'cumulative' || this.#terms.voteType === 'scoring';
  }

  take(row: Row): void {
    this.#rows += 1;
    const fields = this.#header.fit(row, this.#findings);
    const voter = fields[this.#columns.voter]!.trim();
    if (voter === '') this.#findings.repairable(row.line, 'voter-missing', '');
    else if (this.#voters.has(voter)) {
      this.#findings.repairable(row.line, 'voter-twice', voter);
      return;
    }
    this.#voters.add(voter);
    const said = this.#said(row.line, fields);
    if (!said) return;
    const { projects, points } = this.#lines(row.line, said.ids, said.given);
    const { voteType, limits } = this.#terms;
    const worth = this.hasPoints ? points : pointsOfBallot(voteType, projects.length, []);
    projects.forEach((index, k) => (this.#score[index]! += worth[k]!));
    this.#checkLimits(row.line, brokenLimit(limits, voteType, this.#terms.projects, projects, points));
    if (this.#terms.defaultScore !== 0) this.#fill(projects, worth as number[]);
    const area = fields[this.#columns.area];
    this.#box.add(projects, worth, area === '' ? undefined : area);
  }

  /** The ballots, and what the file's own counts are to be compared with. */
  close(): VotesTally {
    return { groups: this.#box.close(), rows: this.#rows, mentions: this.#mentions, score: this.#score };
  }

  /** Ids and, beside them, points; undefined where the ballot is to be left out. */
  #said(line: number, fields: readonly string[]): { ids: readonly string[]; given: readonly number[] } | undefined {
    const vote = fields[this.#columns.vote]!;
    const apart = this.#findings.lenient ? this.#apart(line, vote) : undefined;
    const ids = apart ?? listOf(vote);
    if (!this.hasPoints || this.#columns.points < 0) return { ids: this.#withoutGaps(line, ids), given: [] };
    const points = fields[this.#columns.points]!;
    const parts = this.#withoutGaps(line, apart ? points.trim().split(otherComma) : listOf(points));
    const named = this.#withoutGaps(line, ids);
    if (parts.length !== named.length) {
      this.#findings.repairable(line, 'points-count', `${parts.length} for ${named.length} projects`);
      return undefined;
    }
    const given: number[] = [];
    for (const part of parts) {
      const points = this.#terms.scale.read(part);
      if (points === undefined || (points < 0 && this.#terms.voteType === 'cumulative')) {
        this.#findings.repairable(line, 'points-value', `"${part}"`);
        return undefined;
      }
      given.push(points);
    }
    return { ids: named, given };
  }

  /** The ids of a list without commas; undefined where it is none. */
  #apart(line: number, vote: string): readonly string[] | undefined {
    const parts = vote.trim().split(otherComma);
    if (parts.length < 2 || vote.includes(',') || this.#meant(vote) !== undefined || parts.some((part) => this.#meant(part) === undefined)) return undefined;
    this.#findings.repairable(line, 'list-form', vote);
    return parts;
  }

  #withoutGaps(line: number, items: readonly string[]): readonly string[] {
    if (!items.includes('')) return items;
    this.#findings.repairable(line, 'empty-item', items.join(','));
    return items.filter((item) => item !== '');
  }

  /** Known projects of one ballot, each once, with the points that stand beside them. */
  #lines(line: number, ids: readonly string[], given: readonly number[]): { projects: number[]; points: number[] } {
    const projects: number[] = [];
    const points: number[] = [];
    let twice: string | undefined;
    for (let k = 0; k < ids.length && !this.#findings.isFull; k++) {
      const index = this.#find(line, ids[k]!);
      if (index === undefined) continue;
      this.#mentions[index]! += 1;
      if (this.#lastRow[index] === this.#rows) {
        twice ??= ids[k]!;
        continue;
      }
      this.#lastRow[index] = this.#rows;
      projects.push(index);
      points.push(given[k] ?? 0);
    }
    if (twice !== undefined) this.#findings.repairable(line, 'project-twice-on-ballot', twice);
    return { projects, points };
  }

  /** "Projects not listed are assumed to be awarded default_score points." */
  #fill(projects: number[], worth: number[]): void {
    for (let index = 0; index < this.#lastRow.length; index++) {
      if (this.#lastRow[index] === this.#rows) continue;
      projects.push(index);
      worth.push(this.#terms.defaultScore);
    }
  }

  #checkLimits(line: number, broken: ReturnType<typeof brokenLimit>): void {
    if (broken === 'sum_cost' || broken === 'sum_points') this.#findings.remark(line, 'ballot-limit', broken);
    else if (broken) this.#findings.repairable(line, 'ballot-limit', broken);
  }

  #find(line: number, id: string): number | undefined {
    const index = this.#indexOf.get(id);
    if (index !== undefined) return index;
    const trimmed = this.#indexOf.get(id.trim());
    const meant = trimmed ?? (this.#findings.lenient ? this.#meant(id) : undefined);
    this.#findings.repairable(line, trimmed !== undefined ? 'stray-space' : meant !== undefined ? 'id-form' : 'unknown-project', `"${id}"`);
    return meant;
  }

  /** The one project that an id can only be, however it is written. */
  #meant(id: string): number | undefined {
    this.#byForm ??= byForm(this.#terms.projects);
    return this.#indexOf.get(id) ?? this.#byForm.get(plainForm(id));
  }
}

/** An id without what a hand or a spreadsheet adds to it: capitals, brackets, quotes, zeros before and ".0" behind. */
function plainForm(id: string): string {
  // Nobody writes an id so long, and the patterns below would take their time.
  if (id.length > 200) return id;
  return id.replaceAll(/^[\s'"([{]+|[\s'")\]}]+$/g, '').toLowerCase().replace(/\.0+$/, '').replace(/^0+(?=\d)/, '');
}

/** By plain form; undefined where two projects share it. */
function byForm(projects: readonly Project[]): ReadonlyMap<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  projects.forEach(({ id }, index) => found.set(plainForm(id), found.has(plainForm(id)) ? undefined : index));
  return found;
}
