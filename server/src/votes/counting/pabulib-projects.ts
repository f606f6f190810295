/** The PROJECTS section: costed projects, and what the file itself says about their votes and their success. */
import type { Project } from './election.ts';
import { readDecimal, toMinor, type Decimal } from './pabulib-money.ts';
import { NOT_ELIGIBLE_COST, type Findings } from './pabulib-problems.ts';
import type { Row } from './pabulib-rows.ts';
import { listOf, type Header } from './pabulib-sections.ts';

export interface ProjectRow {
  readonly line: number;
  readonly id: string;
  readonly cost: Decimal;
  readonly withdrawn: boolean;
  readonly name: string;
  readonly categories: readonly string[];
  readonly area: string;
  /** Empty where the file has no such column. */
  readonly votes: string;
  readonly score: string;
  readonly selected: string;
  /** All of the row, to tell whether another is the same. */
  readonly text: string;
}

/** What stands in `selected` where a lenient reading could make nothing of it. */
export const UNREADABLE = '?';

/** Undefined where the row is no project; the finding is noted. */
export function readProjectRow(row: Row, header: Header, findings: Findings): ProjectRow | undefined {
  const fields = header.fit(row, findings);
  const field = (name: string): string => fields[header.at(name)] ?? '';
  const id = field('project_id').trim();
  if (id !== field('project_id')) findings.repairable(row.line, 'stray-space', `project_id "${field('project_id')}"`);
  if (id === '') findings.fatal(row.line, 'project-id-missing', '');
  const isBlank = findings.lenient && field('cost').trim() === '';
  const cost = readDecimal(isBlank ? '0' : field('cost'), row.line, `cost of ${id}`, findings);
  if (!cost) return undefined;
  return {
    line: row.line, id, cost, selected: readSelected(field('selected').trim(), row.line, findings),
    withdrawn: isWithdrawn(row.line, id, cost, field, findings), name: field('name'), categories: listOf(field('category')).map((name) => name.trim()),
    area: (field('neighborhood') || field('district')).trim(), votes: field('votes'), score: field('score'), text: fields.join(';'),
  };
}

function readSelected(text: string, line: number, findings: Findings): string {
  if (/^[0-3]?$/.test(text)) return text;
  findings.repairable(line, 'selected-value', text);
  // Some tools write whole numbers as "1.0" where a column has gaps.
  return /^[0-3]\.0+$/.exec(text)?.[0][0] ?? UNREADABLE;
}

/** By the column `withdrawn` that our own files have, or, read leniently, by a cost that means it. */
function isWithdrawn(line: number, id: string, cost: Decimal, field: (name: string) => string, findings: Findings): boolean {
  if (cost.digits === 0n) {
    findings.repairable(line, 'no-cost', id);
    return true;
  }
  if (findings.lenient && cost.digits === NOT_ELIGIBLE_COST * 10n ** BigInt(cost.decimals)) {
    findings.notEligible(line, id);
    return true;
  }
  return field('withdrawn') === '1';
}

/** Rows without those that say the same again. */
export function withoutTwins(rows: readonly ProjectRow[], findings: Findings): ProjectRow[] {
  const seen = new Map<string, ProjectRow>();
  for (const row of rows) {
    const twin = seen.get(row.id);
    if (!twin) seen.set(row.id, row);
    else if (twin.text === row.text) findings.repairable(row.line, 'project-twice', row.id);
    else findings.fatal(row.line, 'project-twice', row.id);
  }
  return [...seen.values()];
}

/** Rows as projects in minor units. A withdrawn project without a cost gets the smallest one, for it is never funded. */
export function projectsOf(rows: readonly ProjectRow[], minorPerUnit: number, findings: Findings): Project[] {
  return rows.map((row) => {
    const costMinor = toMinor(row.cost, minorPerUnit);
    if (costMinor === undefined) findings.fatal(row.line, 'too-large', `cost of ${row.id}`);
    return {
      id: row.id, costMinor: costMinor || 1, categories: row.categories, withdrawn: row.withdrawn,
      ...(row.name !== '' && { name: row.name }), ...(row.area !== '' && { area: row.area }),
    };
  });
}
