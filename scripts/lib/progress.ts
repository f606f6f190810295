/** A progress bar on the terminal's error stream; silent where that is no terminal. */

export interface Progress {
  /** `done` of the total. */
  to(done: number): void;
  end(): void;
}

const WIDTH = 30;

export function startProgress(what: string, total: number): Progress {
  if (!process.stderr.isTTY) return { to() {}, end() {} };
  const start = performance.now();
  let drawn = -1;
  return {
    to(done) {
      const step = Math.floor((done / total) * WIDTH * 8);
      if (step === drawn) return;
      drawn = step;
      const filled = Math.round((done / total) * WIDTH);
      const seconds = (performance.now() - start) / 1000;
      const left = done > 0 ? Math.round((seconds / done) * (total - done)) : 0;
      process.stderr.write(`\r${what} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}, ${left} s left   `);
    },
    end() {
      process.stderr.write(`\r\x1b[K`);
    },
  };
}
