/** Builds the pages when their sources changed since the last build. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stop } from './entry.ts';
import { root } from './root.ts';

const web = join(root, 'web');
const stampFile = join(web, 'build', '.sources');

function digestSources(): string {
  const files = globSync(['src/**/*.{ts,svelte,css,html}', 'static/**/*', 'messages/*.json', 'project.inlang/settings.json', 'package.json', 'vite.config.ts', '../pnpm-lock.yaml'], {
    cwd: web, exclude: ['src/lib/paraglide/**'], withFileTypes: true,
  }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(web.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Makes `web/build` current; answers whether there was anything to do. */
export async function buildWeb(): Promise<boolean> {
  const digest = digestSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return false;
  try {
    // Whoever calls: with a NODE_ENV of their own these would be pages for developers.
    await promisify(execFile)(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: web, env: { ...process.env, NODE_ENV: 'production' }, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Stop(`The pages could not be built:\n${stdout}${stderr}`);
  }
  writeFileSync(stampFile, digest);
  return true;
}
