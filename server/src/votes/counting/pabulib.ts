/**
 * Reads the Pabulib format (.pb, https://pabulib.org/format): three sections, META, PROJECTS and VOTES, each a header and rows.
 * Strict: every malformation is a problem with its line, and a file with problems is no election.
 */
import type { Election, Project } from './election.ts';
import type { BallotLimits } from './pabulib-limits.ts';
import { enterKey, readDefaultScore, readLimits, readMeta, type Entry, type Meta } from './pabulib-meta.ts';
import { scaleFor, toMinor } from './pabulib-money.ts';
import { PointScale } from './pabulib-points.ts';
import { Findings, type Problem, type Repair } from './pabulib-problems.ts';
import { projectsOf, readProjectRow, UNREADABLE, withoutTwins, type ProjectRow } from './pabulib-projects.ts';
import { formatScript, likelyEncoding, likelySeparator, rowsOf, UnreadableText, type Row, type Script } from './pabulib-rows.ts';
import { Header, inTurn, requiredColumns, sectionNamed, sectionNames, type SectionName } from './pabulib-sections.ts';
import { VoteReader, type VotesTally } from './pabulib-votes.ts';

export interface PabulibFile {
  readonly election: Election;
  /** Keys and values as they stand in the file. */
  readonly meta: ReadonlyMap<string, string>;
  readonly limits: BallotLimits;
  /** Ids of the projects with 1 in the column `selected`; undefined where no such column says it of all. */
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

/** How one reading goes about it. What it finds on its way may call for another. */
interface Way extends Script {
  readonly pointDecimals: number;
  /** Whether sections are put in the format's order before they are read. */
  readonly isSorted: boolean;
}

export function readPabulib(source: Uint8Array | string, options: PabulibOptions = {}): PabulibReading {
  const learnt: Repair[] = [];
  for (let way: Way = { ...formatScript, pointDecimals: 0, isSorted: false }; ; ) {
    const findings = new Findings(options.lenient ?? false);
    const { reading, again } = readOnce(source, way, options.areas ?? false, findings);
    if (!again) return reading.ok ? { ...reading, repairs: [...learnt, ...reading.repairs] } : reading;
    if (again.repair) learnt.push(again.repair);
    way = { ...way, ...again.with };
  }
}

interface Again {
  readonly with: Partial<Way>;
  readonly repair?: Repair;
}

function readOnce(source: Uint8Array | string, way: Way, areas: boolean, findings: Findings): { reading: PabulibReading; again?: Again | undefined } {
  const scale = new PointScale(way.pointDecimals);
  const reader = new Reader(findings, scale, way, areas);
  let line = 0;
  let again: Again | undefined;
  try {
    const rows = rowsOf(source, way);
    for (const row of way.isSorted ? inTurn(rows) : rows) {
      line = row.line;
      reader.take(row);
      if (reader.isLost && findings.lenient) again = otherRows(row, way, findings.problems);
      if (findings.isFull || reader.isLost) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    const at = error.line ?? line + 1;
    if (findings.lenient) again = otherScript(source, way, error.code, at);
    findings.fatal(at, error.code, '');
  }
  const file = reader.isLost || findings.isFull ? undefined : reader.close(line);
  if (!again && scale.needed > scale.decimals) again = { with: { pointDecimals: scale.needed } };
  if (file && findings.problems.length === 0) return { reading: { ok: true, file, repairs: findings.repairs }, again };
  return { reading: { ok: false, problems: findings.problems }, again };
}

/** How to read on where a text broke off, once each way. */
function otherScript(source: Uint8Array | string, way: Script, code: UnreadableText['code'], line: number): Again | undefined {
  if (code === 'not-utf8' && way.encoding === 'utf-8') {
    const encoding = likelyEncoding(source);
    return { with: { encoding }, repair: { line, code, detail: encoding } };
  }
  return code === 'unclosed-quote' && way.quotes === 'anywhere' ? { with: { quotes: 'in-line' }, repair: { line, code, detail: '' } } : undefined;
}

/** How to read on where a row lost the reader, once each way. */
function otherRows(row: Row, way: Way, problems: readonly Problem[]): Again | undefined {
  const separator = likelySeparator(row);
  const repair = { line: row.line, detail: '' };
  if (way.separator === ';' && separator) return { with: { separator }, repair: { ...repair, code: 'other-separator', detail: separator === ',' ? 'comma' : 'tab' } };
  const isEarly = problems.at(-1)?.code === 'section-out-of-order';
  return isEarly && !way.isSorted ? { with: { isSorted: true }, repair: { ...repair, code: 'section-out-of-order', detail: problems.at(-1)!.detail } } : undefined;
}

/** Takes rows in the file's order. Once it is lost, further rows would only repeat one mistake. */
class Reader {
  isLost = false;
  readonly #findings: Findings;
  readonly #scale: PointScale;
  readonly #way: Way;
  readonly #keepAreas: boolean;
  #section: SectionName | undefined;
  #header: Header | undefined;
  #blankLine: number | undefined;
  readonly #entries = new Map<string, Entry>();
  #projectRows: ProjectRow[] = [];
  #hasSelected = false;
  #meta: Meta | undefined;
  #election: Omit<Election, 'ballots'> | undefined;
  #limits: BallotLimits = {};
  #votes: VoteReader | undefined;

  constructor(findings: Findings, scale: PointScale, way: Way, keepAreas: boolean) {
    this.#findings = findings;
    this.#scale = scale;
    this.#way = way;
    this.#keepAreas = keepAreas;
  }

  take(row: Row): void {
    const first = row.fields[0]!.trim();
    const isAlone = row.fields.slice(1).every((field) => field === '');
    if (first === '' && isAlone && (row.fields.length === 1 || this.#section)) {
      this.#blankLine ??= row.line;
      return;
    }
    // Blank lines at the very end are nobody's mistake; these have text behind them.
    if (this.#blankLine !== undefined) this.#findings.repairable(this.#blankLine, 'blank-line', '');
    this.#blankLine = undefined;
    const name = isAlone ? sectionNamed(first) : undefined;
    // A spreadsheet makes every row as wide as the widest.
    if (name && row.fields.length > 1) this.#findings.repairable(row.line, 'field-count', `${row.fields.length} instead of 1`);
    if (name && first !== name) this.#findings.repairable(row.line, 'letter-case', first);
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
      selected: this.#selected(),
    };
  }

  #selected(): string[] | undefined {
    if (!this.#hasSelected || this.#projectRows.some((row) => row.selected === UNREADABLE)) return undefined;
    return this.#projectRows.filter((row) => row.selected === '1').map((row) => row.id);
  }

  #lose(line: number, code: Parameters<Findings['fatal']>[1], detail: string): void {
    this.#findings.fatal(line, code, detail);
    this.isLost = true;
  }

  #enter(name: SectionName, line: number): void {
    const expected = sectionNames[this.#section ? sectionNames.indexOf(this.#section) + 1 : 0];
    if (name !== expected && this.#way.isSorted && expected && name !== this.#section) return this.#lose(line, 'section-missing', expected);
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
    if (section === 'META' && this.#findings.lenient && row.fields.length === 2 && !row.fields.some((field) => /^\s*(key|value)\s*$/i.test(field))) {
      this.#findings.repairable(row.line, 'column-missing', 'META key, value');
      this.#header = new Header({ line: row.line, fields: requiredColumns.META }, section, this.#way.separator, this.#findings);
      return this.#body(row, section, this.#header);
    }
    this.#header = new Header(row, section, this.#way.separator, this.#findings);
    if (section === 'PROJECTS') this.#hasSelected = this.#header.has('selected');
    if (this.#findings.problems.some((problem) => problem.code === 'column-missing' || problem.code === 'column-twice')) this.isLost = true;
    if (section !== 'VOTES' || !this.#election || !this.#meta) return;
    const { projects, voteType } = this.#election;
    const defaultScore = readDefaultScore(this.#entries, this.#meta, this.#scale, this.#findings);
    this.#votes = new VoteReader(this.#header, { projects, voteType, limits: this.#limits, scale: this.#scale, defaultScore, areas: this.#keepAreas }, this.#findings);
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
    enterKey(this.#entries, fields[header.at('key')]!.trim(), { line: row.line, value: fields[header.at('value')]! }, this.#findings);
  }

  #closeProjects(meta: Meta, line: number): void {
    this.#projectRows = withoutTwins(this.#projectRows, this.#findings);
    const minorPerUnit = scaleFor([meta.budget, ...meta.amounts.values(), ...this.#projectRows.map((row) => row.cost)]);
    const budgetMinor = toMinor(meta.budget, minorPerUnit);
    const budgetLine = this.#entries.get('budget')?.line ?? line;
    if (budgetMinor === undefined) return this.#lose(budgetLine, 'too-large', 'budget');
    if (budgetMinor === 0) return this.#lose(budgetLine, 'not-positive', 'budget');
    const projects = projectsOf(this.#projectRows, minorPerUnit, this.#findings);
    this.#limits = readLimits(this.#entries, meta, minorPerUnit, this.#scale, this.#findings);
    const name = this.#entries.get('subunit')?.value || this.#entries.get('district')?.value || this.#entries.get('unit')?.value;
    const currency = this.#entries.get('currency')?.value;
    const { pointsPerUnit } = this.#scale;
    this.#election = {
      unit: { name: name ?? '', ...(currency && { currency }) }, minorPerUnit, budgetMinor, voteType: meta.voteType, projects,
      ...(pointsPerUnit > 1 && { pointsPerUnit }),
    };
    this.#checkTotal('num_projects', projects.length);
  }

  /** The file counts a project named twice on one ballot twice; so do the figures it is compared with. */
  #checkCounts(meta: Meta, projects: readonly Project[], tally: VotesTally): void {
    this.#checkTotal('num_votes', tally.rows);
    const defaultScore = meta.voteType === 'scoring' ? Number(this.#entries.get('default_score')?.value.trim() ?? 0) : 0;
    projects.forEach((project, index) => {
      const row = this.#projectRows[index]!;
      const mentions = tally.mentions[index]!;
      this.#checkCount(row.line, `votes of ${project.id}`, row.votes, mentions);
      if (!this.#votes?.hasPoints) return;
      const score = tally.score[index]! / this.#scale.pointsPerUnit;
      // Some add the default score for every ballot that is silent on the project, some publish what was given.
      const isWhole = defaultScore !== 0 && Number(row.score) === score + defaultScore * (tally.groups.count - mentions);
      if (!isWhole) this.#checkCount(row.line, `score of ${project.id}`, row.score, score);
    });
  }

  #checkTotal(key: keyof Meta['counts'], counted: number): void {
    const said = this.#meta?.counts[key];
    if (said) this.#checkCount(said.line, key, said.number, counted);
  }

  #checkCount(line: number, what: string, said: number | string, counted: number): void {
    if (said !== '' && Number(said) !== counted) this.#findings.repairable(line, 'wrong-count', `${what} ${said}, counted ${counted}`);
  }
}
