/**
 * A line of a ballot as the protocol writes it, which is also how pages hand choices on and how the phone keeps them:
 * a project's public number and, where people give points, a tab and how many.
 */
export interface BallotLine {
  project: string;
  points?: number;
}

export function lineText({ project, points }: BallotLine): string {
  return points === undefined ? project : `${project}\t${points}`;
}

export function readLine(text: string): BallotLine {
  const [project = '', points] = text.split('\t');
  return points === undefined ? { project } : { project, points: Number(points) };
}
