/** Who may lean on whom in this repository, as data: each ban with the sentence that lint says. */
import { posix } from 'node:path';

/** From low to high. Rooms on the same floor stand side by side and do not see each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['platform'], ['people'], ['money'], ['payouts'], ['rounds'], ['votes', 'grants', 'community'], ['openness'],
];

/** One file leaning on another. Paths are relative to the root, with `/`; `to` of a package is its bare name. */
export interface Leaning {
  from: string;
  to: string;
  /** True when the import is erased, because only types come. */
  isType: boolean;
}

/** The files that may read and write tables. */
const TABLE_FILES = /^server\/src\/(platform\/|people\/sessions\.ts$|money\/ledger\.ts$|.*\/([a-z-]+-)?(reads|writes)\.ts$)/;

/** Modules of `db` that hold no tables. */
const DATABASE_TOOLS = /^db\/src\/(client|migrate|embedded|prepare)\.ts$/;

interface Ban {
  when(leaning: Leaning): boolean;
  /** Why not, in a sentence that starts after the import's path. */
  why: string;
}

/** What checks a published round or draw: these files lean on each other and on counting, and on nothing else of ours. */
const CHECKING = /^(server\/src\/(votes\/(published\/[a-z-]+|ballots\/(protocol|rules)|hall\/rules)|grants\/(draw\/(published|rules)|panels\/rules)|rounds\/draws\/(lottery|beacon|signature)|platform\/(codes|beacon))|scripts\/(verify|lib\/(verify\/[a-z-]+|count\/entry)))\.ts$/;

/** What judges a simulated year: these files lean on each other and on nothing else of ours. */
const JUDGING = /^scripts\/lib\/simulate\/judge\/[a-z-]+\.ts$/;

const bans: readonly Ban[] = [
  {
    when: ({ from, to }) => roomOf(from) === 'platform' && roomOf(to) !== null && roomOf(to) !== 'platform',
    why: 'The platform knows no room: whatever one room needs from another is handed in by app.ts.',
  },
  {
    when: ({ from, to }) => isAbove(to, from),
    why: 'A floor stands only on lower floors (platform, people, money, payouts, rounds, votes | grants | community, openness). News travels up as events, see platform/record.ts.',
  },
  {
    when: ({ from, to }) => isBeside(from, to),
    why: 'Votes, grants and community stand side by side and do not see each other: what they share belongs in rounds, and pages compose them.',
  },
  {
    when: ({ from, to }) => roomOf(from) !== null && /^server\/src\/[^/]+\.ts$/.test(to),
    why: 'app.ts, main.ts, worker.ts and contracts.ts stand above the rooms and put them together; no room knows them.',
  },
  {
    when: ({ from, to }) => from.startsWith('server/src/votes/counting/') && !to.startsWith('server/src/votes/counting/') && isOurs(to),
    why: 'Counting is pure, so that anyone can recount with these files alone: it imports nothing else of ours.',
  },
  {
    when: ({ from, to }) => CHECKING.test(from) && !CHECKING.test(to) && !to.startsWith('server/src/votes/counting/') && (isOurs(to) || !/^(node:|zod$|@noble\/curves\/)/.test(to)),
    why: 'Verifying is pure, so that anyone can check a round with these files, Node, zod and the curves of a signature alone: no database, no server, no configuration.',
  },
  {
    when: ({ from, to }) => JUDGING.test(from) && !JUDGING.test(to) && isOurs(to),
    why: 'The judge of a simulated year reads the record by itself: nothing of the product, so that the product’s mistakes are not its own.',
  },
  {
    when: ({ from, to, isType }) => roomOf(from) !== null && /^db\/src\//.test(to) && !DATABASE_TOOLS.test(to) && !TABLE_FILES.test(from) && !isType,
    why: 'Only reads.ts and writes.ts touch tables: routes, rules and jobs call them, so that every access stands in one place.',
  },
  {
    when: ({ from, to }) => from.startsWith('server/src/') && /^db\/src\/(migrate|embedded|prepare)\.ts$/.test(to),
    why: 'The server never acts as the owner of the database: migrations and clusters are the commands’ work.',
  },
  {
    when: ({ from, to }) => from.startsWith('db/src/') && /^(server|web|scripts)\//.test(to),
    why: 'The database package holds columns and connections and knows nothing of what stands on it.',
  },
  {
    when: ({ from, to, isType }) => from.startsWith('web/') && to.startsWith('server/') && !isType,
    why: 'Pages know the server by its types alone (import type): its code must never reach a browser.',
  },
  {
    when: ({ from, to }) => from.startsWith('web/') && to.startsWith('server/') && !/\/contract\.ts$|^server\/src\/platform\/(problems|policy|pages)\.ts$/.test(to),
    why: 'Pages see a room’s contract and nothing else of it: everything they need crosses the API.',
  },
  {
    when: ({ from, to }) => from.startsWith('web/') && /^(db|scripts|tests)\//.test(to),
    why: 'Pages speak to the API, never to the database.',
  },
  {
    when: ({ from, to }) => /^(server|db)\//.test(from) && /^(scripts|tests|web)\//.test(to),
    why: 'The product does not lean on its commands, its tests or its pages.',
  },
  {
    when: ({ from, to }) => from.startsWith('scripts/') && to.startsWith('tests/'),
    why: 'Commands work where no tests are installed.',
  },
];

/** The sentence against this import, or null when it is fine. */
export function findBan(leaning: Leaning): string | null {
  return bans.find((ban) => ban.when(leaning))?.why ?? null;
}

/** The room a file of the server belongs to; null for the files above the rooms and for everything else. */
function roomOf(path: string): string | null {
  return /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function floorOf(path: string): number {
  const room = roomOf(path);
  return room === null ? -1 : FLOORS.findIndex((rooms) => rooms.includes(room));
}

function isAbove(upper: string, lower: string): boolean {
  return floorOf(lower) !== -1 && floorOf(upper) > floorOf(lower);
}

function isBeside(one: string, other: string): boolean {
  return floorOf(one) !== -1 && floorOf(one) === floorOf(other) && roomOf(one) !== roomOf(other);
}

function isOurs(path: string): boolean {
  return /^(server|db|web|scripts|tests)\//.test(path);
}

/** True for a folder of the server that is on no floor. */
export function isNoRoom(path: string): boolean {
  return roomOf(path) !== null && floorOf(path) === -1;
}

/** Where an import leads: a path of this repository, or the name of a package or builtin. */
export function resolveImport(from: string, source: string): string {
  if (source.startsWith('.')) return posix.join(posix.dirname(from), source);
  if (source.startsWith('#lib/')) return `web/src/lib/${source.slice(5)}`;
  const ours = /^@commonpot\/(server|db)\/(.+)$/.exec(source);
  return ours ? `${ours[1]}/src/${ours[2]}.ts` : source;
}
