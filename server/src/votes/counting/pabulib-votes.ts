/** The VOTES section: ballots, checked one by one and merged as they come. */
import { BallotBox, type BallotGroups } from './ballots.ts';
import { pointsOfBallot, type Project, type VoteType } from './election.ts';
import { brokenLimit, type BallotLimits } from './pabulib-limits.ts';
import type { Findings } from './pabulib-problems.ts';
import type { Row } from './pabulib-rows.ts';
import { listOf, type Header } from './pabulib-sections.ts';

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
  readonly #header: Header;
  readonly #projects: readonly Project[];
  readonly #voteType: VoteType;
  readonly #limits: BallotLimits;
  readonly #findings: Findings;
  #rows = 0;

  constructor(header: Header, projects: readonly Project[], voteType: VoteType, limits: BallotLimits, keepAreas: boolean, findings: Findings) {
    this.#header = header;
    this.#projects = projects;
    this.#voteType = voteType;
    this.#limits = limits;
    this.#findings = findings;
    this.#box = new BallotBox(projects.length);
    this.#indexOf = new Map(projects.map((project, index) => [project.id, index]));
    this.#mentions = new Float64Array(projects.length);
    this.#score = new Float64Array(projects.length);
    this.#lastRow = new Uint32Array(projects.length);
    const area = header.has('neighborhood') ? header.at('neighborhood') : header.at('district');
    this.#columns = { voter: header.at('voter_id'), vote: header.at('vote'), points: header.at('points'), area: keepAreas ? area : -1 };
  }

  get hasPoints(): boolean {
    return this.#voteType === 'cumulative' || this.#voteType === 'scoring';
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
    const ids = listOf(fields[this.#columns.vote]!);
    const given = this.#pointsGiven(row.line, fields, ids.length);
    const { projects, points } = this.#lines(row.line, ids, given);
    const worth = this.hasPoints ? points : pointsOfBallot(this.#voteType, projects.length, []);
    projects.forEach((index, k) => (this.#score[index]! += worth[k]!));
    const broken = brokenLimit(this.#limits, this.#voteType, this.#projects, projects, points);
    if (broken) this.#findings.repairable(row.line, 'ballot-limit', broken);
    const area = fields[this.#columns.area];
    this.#box.add(projects, worth, area === '' ? undefined : area);
  }

  /** The ballots; before that, whether the file's own counts agree with them. */
  close(): { groups: BallotGroups; rows: number; mentions: Float64Array; score: Float64Array } {
    return { groups: this.#box.close(), rows: this.#rows, mentions: this.#mentions, score: this.#score };
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

  #find(line: number, id: string): number | undefined {
    const index = this.#indexOf.get(id);
    if (index !== undefined) return index;
    const trimmed = this.#indexOf.get(id.trim());
    this.#findings.repairable(line, trimmed === undefined ? 'unknown-project' : 'stray-space', `"${id}"`);
    return trimmed;
  }

  #pointsGiven(line: number, fields: readonly string[], length: number): number[] {
    if (!this.hasPoints) return [];
    if (this.#columns.points < 0) return [];
    const parts = listOf(fields[this.#columns.points]!);
    if (parts.length !== length) this.#findings.fatal(line, 'points-count', `${parts.length} for ${length} projects`);
    return parts.map((part) => {
      if (/^\s*\d{1,9}\s*$/.test(part)) return Number(part);
      this.#findings.fatal(line, 'points-value', `"${part}"`);
      return 0;
    });
  }
}
