/** The files that take longest begin, so that both workers are busy to the end, on a machine that has run nothing before too. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured on two cores, longest first. What is not named follows in vitest's own order. */
const LONGEST = ['browser/pages', 'browser/languages', 'operations/dockerfile', 'ground/start', 'secrecy/joining', 'faults/cast-storm', 'browser/ballot', 'grants/simulate', 'browser/resident', 'faults/seal-crashes', 'browser/idea-to-delivery', 'operations/backup', 'operations/rehearse', 'rounds/desk', 'payouts/pages'];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = LONGEST.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`));
  return found === -1 ? LONGEST.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
