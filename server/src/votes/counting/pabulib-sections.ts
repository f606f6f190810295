/** A section of a Pabulib file while it is read: its header, and rows cut to it. */
import type { Findings } from './pabulib-problems.ts';
import type { Row, Script } from './pabulib-rows.ts';

export const sectionNames = ['META', 'PROJECTS', 'VOTES'] as const;
export type SectionName = (typeof sectionNames)[number];

export const requiredColumns = {
  META: ['key', 'value'], PROJECTS: ['project_id', 'cost'], VOTES: ['voter_id', 'vote'],
} as const satisfies Record<SectionName, readonly string[]>;

/** Those that a count reads. */
const knownColumns: Record<SectionName, readonly string[]> = {
  META: requiredColumns.META,
  PROJECTS: [...requiredColumns.PROJECTS, 'votes', 'score', 'name', 'category', 'selected', 'neighborhood', 'district', 'withdrawn'],
  VOTES: [...requiredColumns.VOTES, 'points', 'neighborhood', 'district'],
};

export class Header {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #separator: Script['separator'];

  constructor(row: Row, section: SectionName, separator: Script['separator'], findings: Findings) {
    this.#separator = separator;
    // Columns without a name stand at the end where a spreadsheet wrote the file.
    const names = row.fields.map((name) => this.#inFormatCase(name.trim(), section, row.line, findings));
    while (names.at(-1) === '') names.pop();
    if (names.length < row.fields.length) findings.repairable(row.line, 'field-count', `${row.fields.length} instead of ${names.length}`);
    this.#columns = new Map(names.map((name, index) => [name, index]));
    const twice = names.find((name, index) => this.#columns.get(name) !== index);
    if (twice !== undefined) findings.fatal(row.line, 'column-twice', `${section} ${twice}`);
    for (const name of requiredColumns[section]) {
      if (!this.#columns.has(name)) findings.fatal(row.line, 'column-missing', `${section} ${name}`);
    }
  }

  /** Where a column stands in a row, or -1. */
  at(name: string): number {
    return this.#columns.get(name) ?? -1;
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** The row's fields, as many as the header has. */
  fit(row: Row, findings: Findings): readonly string[] {
    const width = this.#columns.size;
    if (row.fields.length === width) return row.fields;
    findings.repairable(row.line, 'field-count', `${row.fields.length} instead of ${width}`);
    // What is too much is most often a name, or between commas a list, with separators of its own and no quotes around it.
    let { length } = row.fields;
    while (length > width && row.fields[length - 1] === '') length -= 1;
    let fields = row.fields.slice(0, length);
    const surplus = length - width;
    const at = this.#separator === ',' && this.has('vote') ? this.at('vote') : this.at('name');
    if (surplus > 0 && at >= 0) fields = [...fields.slice(0, at), fields.slice(at, at + surplus + 1).join(this.#separator), ...fields.slice(at + surplus + 1)];
    return Array.from({ length: width }, (_, index) => fields[index] ?? '');
  }

  #inFormatCase(name: string, section: SectionName, line: number, findings: Findings): string {
    const lower = name.toLowerCase();
    if (name === lower || !knownColumns[section].includes(lower)) return name;
    findings.repairable(line, 'letter-case', name);
    return lower;
  }
}

/** A section's name in whatever letters, or undefined. */
export function sectionNamed(text: string): SectionName | undefined {
  return text.length > 8 ? undefined : sectionNames.find((section) => section === text.toUpperCase());
}

/** Rows with the sections in the format's order; what stands before the first comes first. One that comes twice stays where it first stood. */
export function* inTurn(rows: Iterable<Row>): Generator<Row> {
  const bySection = new Map<SectionName | undefined, Row[]>([undefined, ...sectionNames].map((name) => [name, []]));
  let current = bySection.get(undefined)!;
  for (const row of rows) {
    const name = row.fields.slice(1).every((field) => field === '') ? sectionNamed(row.fields[0]!.trim()) : undefined;
    if (name) current = bySection.get(name)!;
    current.push(row);
  }
  for (const part of bySection.values()) yield* part;
}

/** The parts of a list field, none for an empty one. */
export function listOf(field: string): string[] {
  return field === '' ? [] : field.split(',');
}
