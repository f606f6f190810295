/** How the counting commands begin and end. They load neither server nor database, so they do not share the other commands' entry. */

/** Runs a command on Node 24; what it returns is the exit status, and what it throws is said in one line and becomes 2. */
export function runCounting(main: () => number): void {
  try {
    if (!process.versions.node.startsWith('24.')) {
      throw new Error(`This is Node ${process.versions.node}, and counting needs the Node 24 that comes along: npx --yes pnpm@12.21.0 count`);
    }
    process.exitCode = main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
