/** How a process that serves is asked to end. */

export interface Ending {
  asked: boolean;
  end: Promise<void>;
}

/** Resolves on Ctrl-C or SIGTERM; listening from the first moment, so that an early one leaves nothing running. */
export function listenForEnd(): Ending {
  const ending = { asked: false, end: Promise.resolve() };
  ending.end = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {
      ending.asked = true;
      resolve();
    });
  });
  return ending;
}
