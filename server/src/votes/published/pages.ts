/**
 * The folder's pages, plain HTML without script: how to check, and what became of each code. English only, for they are read far
 * from the app. Their words are part of the folder: changing one makes every folder that lies somewhere fail its check.
 */
import { receiptCode } from '../ballots/protocol.ts';
import { bytesOf, pagePath, prefixes, prefixLength, prefixOf } from './files.ts';
import { hasHall } from './hall.ts';
import type { Seal, Statement, VoidWhy } from './record.ts';

export interface Entry {
  leaf: Buffer;
  fate: 'counted' | VoidWhy;
}

const FATES: Record<Entry['fate'], string> = {
  counted: 'Counted',
  replaced: 'Not counted: replaced by a later ballot, with the key from the voter’s own phone',
  'no-key': 'Not counted: replaced by a later ballot, from a device without the first one’s key',
  'other-key': 'Not counted: replaced by a later ballot, with a key that does not fit',
  'voted-on-paper': 'Not counted: the person voted on paper',
  struck: 'Not counted: struck before the result was final, for a reason that seal.json gives',
};

/** The pages of codes, each with its path; `entries` in any order. */
export function* codePages(statement: Statement, entries: readonly Entry[]): Generator<[path: string, page: Buffer]> {
  const length = prefixLength(entries.map((entry) => entry.leaf));
  const pages = new Map<string, Entry[]>(prefixes(length).map((prefix) => [prefix, []]));
  for (const entry of [...entries].sort((a, b) => Buffer.compare(a.leaf, b.leaf))) pages.get(prefixOf(entry.leaf, length))!.push(entry);
  for (const [prefix, own] of pages) yield [pagePath(prefix), codePage(statement, prefix, own)];
  yield ['codes/index.html', codeIndex(statement, [...pages.keys()])];
}

function codePage({ round }: Statement, prefix: string, entries: readonly Entry[]): Buffer {
  const which = prefix === '' ? 'All codes' : `Codes that begin with ${prefix}`;
  return page(`${which} · ${round.title}`, function* () {
    yield `<p><a href="index.html">All codes</a> · <a href="../index.html">How to check</a></p>\n<h1>${which}</h1>\n`;
    yield '<p>Look for the code that you were given when you voted. Your browser’s search on this page finds it; nobody is told what you look for.</p>\n';
    yield `<p>Your code should be on this page and is not? <a href="../index.html#missing">What that means</a>.</p>\n`;
    yield `<table>\n<thead><tr><th scope="col">Code</th><th scope="col">What became of the ballot</th></tr></thead>\n<tbody>\n`;
    for (const { leaf, fate } of entries) yield `<tr><th scope="row">${receiptCode(leaf)}</th><td>${FATES[fate]}</td></tr>\n`;
    yield '</tbody>\n</table>\n';
  });
}

function codeIndex({ round }: Statement, all: readonly string[]): Buffer {
  return page(`Find your code · ${round.title}`, function* () {
    yield '<p><a href="../index.html">How to check</a></p>\n<h1>Find your code</h1>\n';
    yield `<p>Choose how your code begins. Each page lists many codes, so that opening one says nothing about you.</p>\n<ul class="codes">\n`;
    for (const prefix of all) yield `<li><a href="${prefix || 'all'}.html">${prefix || 'All codes'}</a></li>\n`;
    yield '</ul>\n';
  });
}

/** index.html: what this folder is and how to check it. */
export function indexPage(statement: Statement, seal: Seal): Buffer {
  const { round, host, fund, log } = statement;
  const uncounted = Object.values(seal.voided).reduce((sum, each) => sum + each, 0);
  return page(`Check the vote yourself · ${round.title}`, function* () {
    yield `<h1>Check the vote yourself</h1>\n<p>${escape(round.title)}, ${escape(fund)}, ${escape(host)}.</p>\n`;
    yield `<p>${ballots(seal.counted)} counted. ${ballots(uncounted)} sent in and not counted, nearly always because a later one took ${uncounted === 1 ? 'its' : 'their'} place. ${people(seal.turnout.people)} on the list of those who voted${seal.spoiledPaper === 0 ? '' : `, ${seal.spoiledPaper} of them with a paper ballot that could not be read`}.</p>\n`;
    yield '<h2>Is my ballot in it?</h2>\n<p>Take the code that you were given when you voted and <a href="codes/index.html">find it in the list</a>. No code is sent anywhere: you read a page that is the same for everybody.</p>\n';
    yield '<p>Every code and every receipt is public here. So having one proves to nobody that it is yours.</p>\n';
    yield `<h2 id="missing">My code is not there</h2>\n<p>First look whether one letter was misread. If it is really missing, keep your receipt and give it to an observer or to a newspaper: it is signed, and shows that a ballot was taken in and left out. <code>pnpm verify . --receipt YOUR-CODE</code> says the same.</p>\n`;
    yield* (seal.totalsOnly ? totalsOnly(statement) : recounting());
    yield '<h2>What each file is</h2>\n<dl>\n';
    for (const [path, words] of Object.entries(FILES)) {
      if (isThere(path, seal)) yield `<dt><a href="${path}">${path}</a></dt><dd>${words}</dd>\n`;
    }
    yield '</dl>\n<h2>Was the list changed while people voted?</h2>\n';
    yield `<p>The list of hidden ballots was signed again and again while it grew. A copy of such a signed head that somebody kept shows whether anything was taken out or changed later: <code>pnpm verify . --head FILE</code>. ${mirrors(log.mirrors)}</p>\n`;
    yield '<h2>What this cannot show</h2>\n<p>It cannot show whether somebody was pressed or paid to vote one way, nor whether each person on the list may vote there. Where a ballot was sent without script in the browser, it cannot show that the server kept to what was typed. For as long as the server held the round’s key, its operator could have read ballots; the key is destroyed once this folder stands.</p>\n';
  });
}

function* recounting(): Generator<string> {
  yield '<h2>Count it again</h2>\n<p>All ballots are here, without names. Get Commonpot’s source code, download this folder or take its address, and run:</p>\n<pre>pnpm verify FOLDER-OR-ADDRESS</pre>\n';
  yield '<p>It needs no server and no account. It checks every signature, every ballot and every step of the count, and says in one sentence what does not hold. To count with other software, take <a href="ballots.pb">ballots.pb</a>: it is in the Pabulib format.</p>\n';
}

function* totalsOnly({ observers }: Statement): Generator<string> {
  yield '<h2>Why the single ballots are not here</h2>\n<p>Fewer than 100 ballots were counted. Among so few, a neighbour could guess who wrote which, so only the totals are public.</p>\n';
  const names = observers.map(({ name }) => escape(name)).join(' and ');
  yield observers.length === 0
    ? '<p>Nobody was named beforehand to check the ballots in the public’s place. The count of this round rests on the word of those who ran it.</p>\n'
    : `<p>${names} ${observers.length === 1 ? 'was' : 'were'} named before voting opened to check every ballot in the public’s place. <code>pnpm verify</code> says who of them has signed.</p>\n`;
}

const FILES: Record<string, string> = {
  'rule.json': 'What was fixed before voting opened: projects, costs, budget, and the rule of the count.',
  'leaves.txt': 'The list: one line for each ballot that came in, in the order of the list, without saying what is in it.',
  'heads.txt': 'The signed states of that list.',
  'receipts.txt': 'The signed receipt of each line.',
  'counted.jsonl': 'Each counted ballot, opened.',
  'hidden.jsonl': 'The counted ballots, still closed.',
  'void.jsonl': 'Each ballot that was not counted, still closed, and why.',
  'ballots.pb': 'The counted ballots once more, for other software.',
  'trace.json': 'The count, step by step.',
  'hall.json': 'How the order of the projects in the hall was drawn.',
  'seal.json': 'The totals, and the digests of all these files.',
  'seal.txt': 'The signatures over seal.json.',
};

function isThere(path: string, seal: Seal): boolean {
  return path === 'hall.json' ? hasHall(seal) : !(seal.totalsOnly ? ['counted.jsonl', 'ballots.pb'] : ['hidden.jsonl']).includes(path);
}

function mirrors(all: readonly string[]): string {
  return all.length === 0 ? 'Nobody was named to keep copies.' : `Copies are kept at ${all.map(escape).join(', ')}.`;
}

function ballots(number: number): string {
  return `${number} ${number === 1 ? 'ballot was' : 'ballots were'}`;
}

function people(number: number): string {
  return `${number} ${number === 1 ? 'person is' : 'people are'}`;
}

const STYLE = 'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}table{border-collapse:collapse}th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid}tbody th,code,pre{font-family:ui-monospace,monospace;font-weight:400}.codes{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0}.codes a{display:inline-block;min-width:44px;min-height:44px;line-height:44px}';

function page(title: string, body: () => Iterable<string>): Buffer {
  return bytesOf((function* () {
    yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${escape(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`;
    yield* body();
    yield '</body>\n</html>\n';
  })());
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
