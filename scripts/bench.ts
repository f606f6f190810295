/** `pnpm bench NAME`: one comparison in one run. Each lives in `scripts/bench-NAME.ts`. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run, Stop } from './lib/entry.ts';
import { root } from './lib/root.ts';

const names = globSync('scripts/bench-*.ts', { cwd: root }).map((file) => /bench-(.+)\.ts$/.exec(file)?.[1] ?? '').sort();

const HELP = `pnpm bench NAME [--json]
Measures one thing against another, both in the same run.
Names: ${names.join(', ') || 'none yet'}. pnpm bench NAME --help says what one of them measures.`;

async function bench(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || name === '--help') return console.log(HELP);
  if (!names.includes(name)) throw new Stop(`There is no bench named ${name}. Names: ${names.join(', ') || 'none yet'}.`);
  const child = spawn(process.execPath, [join(root, `scripts/bench-${name}.ts`), ...rest], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => child.on('error', reject).on('close', (status) => resolve(status ?? 1)));
}

await run(bench);
