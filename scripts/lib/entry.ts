/** How every command begins and ends: on Node 24, with one sentence and a non-zero exit when it cannot go on. */
import { UnusableDatabase } from '@commonpot/db/migrate';
import { CannotServe } from '@commonpot/server/platform/cannot-serve';
import { WrongConfiguration } from '@commonpot/server/platform/config';
import { dropFirstDashes } from './count/entry.ts';

/** Why a command stops, said to the person at the terminal. */
export class Stop extends Error {}

/** Runs a command's work; what it throws becomes a sentence (or, for a bug, a stack) and exit status 1. */
export async function run(work: () => Promise<void>): Promise<void> {
  const major = Number(process.versions.node.split('.')[0]);
  try {
    if (major !== 24) throw new Stop(`This is Node ${process.versions.node}, and Commonpot runs on the Node 24 it brings along. Run it as: npx --yes pnpm@12.21.0 start`);
    dropFirstDashes();
    await work();
  } catch (error) {
    const known = error instanceof Stop || error instanceof WrongConfiguration || error instanceof UnusableDatabase || error instanceof CannotServe;
    console.error(known ? error.message : error);
    process.exitCode = 1;
  }
}
