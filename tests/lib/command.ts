/** A command of ours as a child process, in a process group of its own, as a terminal starts it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/lib/root.ts';

export interface Command {
  pid: number;
  /** What it has said so far. */
  stdout(): string;
  stderr(): string;
  /** Its exit status; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Waits until its output matches, and answers the match. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ctrl-C: SIGINT to the whole group. */
  interrupt(): void;
  signal(name: NodeJS.Signals): void;
}

const running = new Map<number, Promise<unknown>>();

/** Ends what a failed test left running. */
export async function endCommands(): Promise<void> {
  for (const [pid, ended] of running) {
    process.kill(-pid, 'SIGTERM');
    await ended;
  }
}

/** Starts `scripts/NAME.ts` with these settings and nothing else of ours. */
export function startCommand(name: string, settings: Record<string, string> = {}, args: string[] = []): Command {
  const { PATH = '', HOME = '', TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [join(root, `scripts/${name}.ts`), ...args], {
    cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}), ...settings },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  let isOver = false;
  const pid = child.pid as number;
  running.set(pid, ended);
  void ended.then(() => {
    isOver = true;
    running.delete(pid);
  });
  return {
    pid, ended,
    stdout: () => stdout,
    stderr: () => stderr,
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(stdout);
        if (found) return found;
        if (isOver) throw new Error(`${name} ended without saying ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    interrupt: () => void process.kill(-pid, 'SIGINT'),
    signal: (signal) => void process.kill(pid, signal),
  };
}
