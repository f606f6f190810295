/** From a ballot's lines to what pages show of them. */
import type { BallotLine } from './lines.ts';
import { withRanks } from './receipt-lines.ts';
import { partOf, type Chosen, type Project } from './round.ts';
import type { Part } from './terms.ts';

/** The projects of these lines as pages show them. */
export function chosenOf(lines: readonly BallotLine[], projects: readonly Project[], parts: readonly Part[]): Chosen[] {
  const byNumber = new Map(projects.map((project) => [project.number, project]));
  const found = lines.flatMap(({ project, points }) => {
    const known = byNumber.get(project);
    const part = known ? partOf(parts, known) : null;
    return known && part !== null ? [{ ...known, part, ...(points !== undefined && { points }) }] : [];
  });
  return withRanks(parts[0] as Part, found);
}
