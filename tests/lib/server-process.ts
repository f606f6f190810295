/** The real server as a child process, as `pnpm start` runs it; for tests that kill it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { root } from '../../scripts/lib/root.ts';

export interface ServerProcess {
  origin: string;
  child: ChildProcess;
  /** Sends the signal and waits for the end; the answer is the exit status, or the signal's name. */
  stop(signal: NodeJS.Signals): Promise<number | string | null>;
}

/** Starts a server on a free port with these settings and waits until it is ready, a minute at most. What it says goes into the file `says`, or nowhere. */
export async function startServer(settings: Record<string, string>, says?: number): Promise<ServerProcess> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    cwd: root, stdio: ['ignore', says ?? 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: origin, LOG_LEVEL: 'silent', ...settings },
  });
  const isReady = () => fetch(`${origin}/health/ready`).then((answer) => answer.ok, () => false);
  for (let attempt = 0; !(await isReady()); attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (attempt === 600) {
      child.kill('SIGKILL');
      throw new Error('the server was not ready within a minute');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    origin, child,
    stop: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode ?? child.signalCode);
        child.once('exit', (code, name) => resolve(code ?? name));
        child.kill(signal);
      }),
  };
}
