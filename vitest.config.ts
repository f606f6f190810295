import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/lib/longest-first.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/lib/cluster.ts'],
    pool: 'forks',
    // Files take turns in a process, so that each process loads the app once. What a file opens it closes.
    isolate: false,
    // One more than the cores: tests wait for browsers, jobs and processes about as long as they work.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Thousands of small modules that the build wrote, in no need of another.
    server: { deps: { external: [/\/lib\/paraglide\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
