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
}

/** Undefined where the row is no project; the finding is noted. */
export function readProjectRow(row: Row, header: Header, findings: Findings): ProjectRow | undefined {
  const fields = header.fit(row, findings);
  const field = (name: string): string => fields[header.at(name)] ?? '';
  const id = field('project_id').trim();
  if (id !== field('project_id')) findings.repairable(row.line, 'stray-space', `project_id "${field('project_id')}"`);
  if (id === '') findings.fatal(row.line, 'project-id-missing', '');
  const selected = field('selected').trim();
  if (!/^[0-3]?$/.test(selected)) findings.fatal(row.line, 'selected-value', selected);
  const cost = readDecimal(field('cost'), row.line, `cost of ${id}`, findings);
  if (!cost) return undefined;
  return {
    line: row.line, id, cost, selected, withdrawn: isWithdrawn(row.line, id, cost, field, findings), name: field('name'),
    categories: listOf(field('category')).map((name) => name.trim()), area: (field('neighborhood') || field('district')).trim(), votes: field('votes'), score: field('score'),
  };
}

/** By the column `withdrawn` that our own files have, or, read leniently, by a cost that means it. */
function isWithdrawn(line: number, id: string, cost: Decimal, field: (name: string) => string, findings: Findings): boolean {
  if (cost.digits === 0n) {
    findings.repairable(line, 'no-cost', id);
    return true;
  }
  if (field('cost') === NOT_ELIGIBLE_COST && findings.lenient) {
    findings.notEligible(line, id);
    return true;
  }
  return field('withdrawn') === '1';
}

/** Rows as projects in minor units. A withdrawn project without a cost gets the smallest one, for it is never funded. */
export function projectsOf(rows: readonly ProjectRow[], minorPerUnit: number, findings: Findings): Project[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (seen.has(row.id)) findings.fatal(row.line, 'project-twice', row.id);
    seen.add(row.id);
    const costMinor = toMinor(row.cost, minorPerUnit);
    if (costMinor === undefined) findings.fatal(row.line, 'too-large', `cost of ${row.id}`);
    return {
      id: row.id, costMinor: costMinor || 1, categories: row.categories, withdrawn: row.withdrawn,
      ...(row.name !== '' && { name: row.name }), ...(row.area !== '' && { area: row.area }),
    };
  });
}
