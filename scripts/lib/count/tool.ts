/**
 * Runs the worker of the equalshares.net tool under Node, unchanged: `node count/tool.ts FOLDER FILE.pb floats|fractions`.
 * A process of its own, so that neither side warms the other up. Prints { winners, parse_ms, count_ms }.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';

interface ToolInstance {
  readonly projects: Record<string, unknown>;
}

type Message = { readonly type: string; readonly winners?: string[] };

const [folder, file, accuracy] = process.argv.slice(2);
if (!folder || !file || !accuracy) throw new Error('count/tool.ts FOLDER FILE.pb floats|fractions');
const scripts = join(resolve(folder), 'js');
// By its text, for the tool's folder does not say that its scripts are modules.
const parserText = readFileSync(join(scripts, 'pabulibParser.js')).toString('base64');
const parser = (await import(`data:text/javascript;base64,${parserText}`)) as { parsePabulibFromString: (text: string) => ToolInstance };

const start = performance.now();
const instance = parser.parsePabulibFromString(readFileSync(file, 'utf8'));
const parsed = performance.now();

let winners: string[] | undefined;
const context = createContext({
  performance, console,
  postMessage: (message: Message) => { winners = message.winners ?? winners; },
});
context['importScripts'] = (path: string) => runInContext(readFileSync(join(scripts, path), 'utf8'), context);
runInContext(readFileSync(join(scripts, 'methodOfEqualSharesWorker.js'), 'utf8'), context);
const params = {
  // Add1 as Wieliczka's regulation has it: from the exact share, one unit at a time, until the next would overspend.
  completion: 'add1', add1options: [], increment: 1, comparison: 'none', accuracy,
  tieBreaking: ['minCost', 'maxVotes', Object.keys(instance.projects).sort()],
};
(context['onmessage'] as (event: { data: object }) => void)({ data: { instance, params } });
if (!winners) throw new Error('the tool gave no result');
console.log(JSON.stringify({ winners: winners.sort(), parse_ms: parsed - start, count_ms: performance.now() - parsed }));
