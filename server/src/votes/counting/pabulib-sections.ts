/** A section of a Pabulib file while it is read: its header, and rows cut to it. */
import type { Findings } from './pabulib-problems.ts';
import type { Row } from './pabulib-rows.ts';

export const sectionNames = ['META', 'PROJECTS', 'VOTES'] as const;
export type SectionName = (typeof sectionNames)[number];

export const requiredColumns = {
  META: ['key', 'value'], PROJECTS: ['project_id', 'cost'], VOTES: ['voter_id', 'vote'],
} as const satisfies Record<SectionName, readonly string[]>;

export class Header {
  readonly #columns: ReadonlyMap<string, number>;

  constructor(row: Row, section: SectionName, findings: Findings) {
    // Columns without a name stand at the end where a spreadsheet wrote the file.
    const names = row.fields.map((name) => name.trim());
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
    return Array.from({ length: width }, (_, index) => row.fields[index] ?? '');
  }
}

/** The parts of a list field, none for an empty one. */
export function listOf(field: string): string[] {
  return field === '' ? [] : field.split(',');
}
