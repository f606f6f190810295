/** How the commands begin and end that load neither server nor database, and so do not share the other commands' entry. */

/** "--" as other tools want it before a command's own words: what stands behind it are options too. */
export function dropFirstDashes(): void {
  if (process.argv[2] === '--') process.argv.splice(2, 1);
}

/** Runs a command on Node 24; what it returns is the exit status, and what it throws is said in one line and becomes 2. */
export async function runCounting(main: () => number | Promise<number>): Promise<void> {
  try {
    if (!process.versions.node.startsWith('24.')) {
      throw new Error(`This is Node ${process.versions.node}, and counting needs the Node 24 that comes along: put npx --yes pnpm@12.21.0 before the command`);
    }
    dropFirstDashes();
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
