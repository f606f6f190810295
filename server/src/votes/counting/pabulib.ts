/**
 * Reads the Pabulib format (.pb, https://pabulib.org/format): three sections, META, PROJECTS and VOTES, each a header and rows.
 * Strict: every malformation is a problem with its line, and a file with problems is no election.
 */
import type { Election, Project } from './election.ts';
import type { BallotLimits } from './pabulib-limits.ts';
import { readLimits, readMeta, type Entry, type Meta } from './pabulib-meta.ts';
import { scaleFor, toMinor } from './pabulib-money.ts';
import { Findings, type Problem, type Repair } from './pabulib-problems.ts';
import { projectsOf, readProjectRow, type ProjectRow } from './pabulib-projects.ts';
import { rowsOf, UnreadableText, type Row } from './pabulib-rows.ts';
import { Header, sectionNames, type SectionName } from './pabulib-sections.ts';
import { VoteReader } from './pabulib-votes.ts';

export interface PabulibFile {
  readonly election: Election;
  /** Keys and values as they stand in the file. */
  readonly meta: ReadonlyMap<string, string>;
  readonly limits: BallotLimits;
  /** Ids of the projects with 1 in the column `selected`; undefined without that column. */
  readonly selected: readonly string[] | undefined;
}

export type PabulibReading =
  | { readonly ok: true; readonly file: PabulibFile; readonly repairs: readonly Repair[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface PabulibOptions {
  /** Count what a person would, and say what was repaired. */
  readonly lenient?: boolean;
  /** Keep the area of each ballot (columns `neighborhood` or `district`); merges less, needed only for areas' own pots. */
  readonly areas?: boolean;
}

export function readPabulib(source: Uint8Array | string, options: PabulibOptions = {}): PabulibReading {
  const findings = new Findings(options.lenient ?? false);
  const reader = new Reader(findings, options.areas ?? false);
  let line = 0;
  try {
    for (const row of rowsOf(source)) {
      line = row.line;
      reader.take(row);
      if (findings.isFull || reader.isLost) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    findings.fatal(error.line ?? line + 1, error.code, '');
  }
  const file = reader.isLost || findings.isFull ? undefined : reader.close(line);
  if (file && findings.problems.length === 0) return { ok: true, file, repairs: findings.repairs };
  return { ok: false, problems: findings.problems };
}

/** Takes rows in the file's order. Once it is lost, further rows would only repeat one mistake. */
class Reader {
  isLost = false;
  readonly #findings: Findings;
  readonly #keepAreas: boolean;
  #section: SectionName | undefined;
  #header: Header | undefined;
  #blankLine: number | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #projectRows: ProjectRow[] = [];
  #hasSelected = false;
  #meta: Meta | undefined;
  #election: Omit<Election, 'ballots'> | undefined;
  #limits: BallotLimits = {};
  #votes: VoteReader | undefined;

  constructor(findings: Findings, keepAreas: boolean) {
    this.#findings = findings;
    this.#keepAreas = keepAreas;
  }

  take(row: Row): void {
    const first = row.fields[0]!.trim();
    if (row.fields.length === 1 && first === '') {
      this.#blankLine ??= row.line;
      return;
    }
    // Blank lines at the very end are nobody's mistake; these have text behind them.
    if (this.#blankLine !== undefined) this.#findings.repairable(this.#blankLine, 'blank-line', '');
    this.#blankLine = undefined;
    const name = row.fields.slice(1).every((field) => field === '') ? sectionNames.find((section) => section === first) : undefined;
    // A spreadsheet makes every row as wide as the widest.
    if (name && row.fields.length > 1) this.#findings.repairable(row.line, 'field-count', `${row.fields.length} instead of 1`);
    if (name) this.#enter(name, row.line);
    else if (!this.#section) this.#lose(row.line, 'text-before-sections', first);
    else if (!this.#header) this.#head(row, this.#section);
    else this.#body(row, this.#section, this.#header);
  }

  close(line: number): PabulibFile | undefined {
    if (!this.#election || !this.#meta || !this.#votes) {
      const missing = sectionNames[sectionNames.indexOf(this.#section ?? 'META') + (this.#section ? 1 : 0)] ?? 'VOTES';
      if (this.#findings.problems.length === 0) this.#findings.fatal(line, 'section-missing', missing);
      return undefined;
    }
    const tally = this.#votes.close();
    this.#checkCounts(this.#meta, this.#election.projects, tally);
    return {
      election: { ...this.#election, ballots: tally.groups },
      meta: new Map([...this.#entries].map(([key, entry]) => [key, entry.value])),
      limits: this.#limits,
      selected: this.#hasSelected ? this.#projectRows.filter((row) => row.selected === '1').map((row) => row.id) : undefined,
    };
  }

  #lose(line: number, code: Parameters<Findings['fatal']>[1], detail: string): void {
    this.#findings.fatal(line, code, detail);
    this.isLost = true;
  }

  #enter(name: SectionName, line: number): void {
    const expected = sectionNames[this.#section ? sectionNames.indexOf(this.#section) + 1 : 0];
    if (name !== expected) return this.#lose(line, name === this.#section ? 'section-twice' : 'section-out-of-order', name);
    if (name === 'PROJECTS') {
      this.#meta = readMeta(this.#entries, line, this.#findings);
      if (!this.#meta) this.isLost = true;
    }
    if (name === 'VOTES' && this.#meta) this.#closeProjects(this.#meta, line);
    this.#section = name;
    this.#header = undefined;
  }

  #head(row: Row, section: SectionName): void {
    this.#header = new Header(row, section, this.#findings);
    if (section === 'PROJECTS') this.#hasSelected = this.#header.has('selected');
    if (this.#findings.problems.some((problem) => problem.code === 'column-missing' || problem.code === 'column-twice')) this.isLost = true;
    if (section !== 'VOTES' || !this.#election) return;
    const { projects, voteType } = this.#election;
    this.#votes = new VoteReader(this.#header, projects, voteType, this.#limits, this.#keepAreas, this.#findings);
    if (this.#votes.hasPoints && !this.#header.has('points')) this.#lose(row.line, 'points-missing', voteType);
  }

  #body(row: Row, section: SectionName, header: Header): void {
    if (section === 'VOTES') return this.#votes?.take(row);
    if (section === 'PROJECTS') {
      const project = readProjectRow(row, header, this.#findings);
      if (project) this.#projectRows.push(project);
      return;
    }
    const fields = header.fit(row, this.#findings);
    const key = fields[header.at('key')]!.trim();
    if (this.#entries.has(key)) this.#findings.fatal(row.line, 'meta-twice', key);
    this.#entries.set(key, { line: row.line, value: fields[header.at('value')]! });
  }

  #closeProjects(meta: Meta, line: number): void {
    const minorPerUnit = scaleFor([meta.budget, ...meta.amounts.values(), ...this.#projectRows.map((row) => row.cost)]);
    const budgetMinor = toMinor(meta.budget, minorPerUnit);
    const budgetLine = this.#entries.get('budget')?.line ?? line;
    if (budgetMinor === undefined) return this.#lose(budgetLine, 'too-large', 'budget');
    if (budgetMinor === 0) return this.#lose(budgetLine, 'not-positive', 'budget');
    const projects = projectsOf(this.#projectRows, minorPerUnit, this.#findings);
    this.#limits = readLimits(this.#entries, meta, minorPerUnit, this.#findings);
    const name = this.#entries.get('subunit')?.value || this.#entries.get('district')?.value || this.#entries.get('unit')?.value;
    const currency = this.#entries.get('currency')?.value;
    this.#election = { unit: { name: name ?? '', ...(currency && { currency }) }, minorPerUnit, budgetMinor, voteType: meta.voteType, projects };
    this.#checkCount(meta.projectCount.line, 'num_projects', meta.projectCount.number, projects.length);
  }

  /** The file counts a project named twice on one ballot twice; so do the figures it is compared with. */
  #checkCounts(meta: Meta, projects: readonly Project[], tally: ReturnType<VoteReader['close']>): void {
    this.#checkCount(meta.ballotCount.line, 'num_votes', meta.ballotCount.number, tally.rows);
    projects.forEach((project, index) => {
      const row = this.#projectRows[index]!;
      this.#checkCount(row.line, `votes of ${project.id}`, row.votes, tally.mentions[index]!);
      // A default score would be added for every ballot that is silent on the project; what cities publish then differs.
      if (this.#votes?.hasPoints && !this.#entries.has('default_score')) {
        this.#checkCount(row.line, `score of ${project.id}`, row.score, tally.score[index]!);
      }
    });
  }

  #checkCount(line: number, what: string, said: number | string, counted: number): void {
    if (said !== '' && Number(said) !== counted) this.#findings.repairable(line, 'wrong-count', `${what} ${said}, counted ${counted}`);
  }
}
