/** Every message that counts says something for every number, in every language. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';

interface Variants { declarations: string[]; match: Record<string, string> }
type Message = (inputs: Record<string, unknown>, options: { locale: string }) => string;

const web = join(root, 'web');
const NUMBERS = [0, 1, 2, 5, 12, 22, 100];
const languages = globSync('*.json', { cwd: join(web, 'messages') }).map((file) => basename(file, '.json')).sort();

let messages: Record<string, Message>;
// As the build of the pages compiled them.
beforeAll(async () => void (messages = (await import(pathToFileURL(join(web, 'src/lib/paraglide/messages.js')).href)).m));

/** The messages of a catalogue that count, with the input they count and all their inputs. */
function counting(language: string): { key: string; counted: string; inputs: string[]; match: Record<string, string> }[] {
  const catalogue: Record<string, unknown> = JSON.parse(readFileSync(join(web, `messages/${language}.json`), 'utf8'));
  return Object.entries(catalogue).flatMap(([key, message]) => {
    if (!Array.isArray(message)) return [];
    const { declarations, match } = message[0] as Variants;
    const counted = declarations.map((each) => /^local \w+ = (\w+): plural$/.exec(each)?.[1]).find((name) => name !== undefined);
    const inputs = declarations.flatMap((each) => /^input (\w+)$/.exec(each)?.[1] ?? []);
    return counted === undefined ? [] : [{ key, counted, inputs, match }];
  });
}

describe.each(languages)('%s', (language) => {
  it('has a form for each kind of number that the language knows', () => {
    const kinds = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = counting(language).flatMap(({ key, match }) =>
      kinds.filter((kind) => !Object.keys(match).some((each) => each.endsWith(`=${kind}`))).map((kind) => `${key}: ${kind}`));
    expect(counting(language).length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('says a whole sentence for every number', () => {
    const faults = counting(language).flatMap(({ key, counted, inputs }) => NUMBERS.flatMap((n) => {
      const given = Object.fromEntries(inputs.map((name) => [name, name === counted ? n : `‹${name}›`]));
      const words = messages[key]?.(given, { locale: language }) ?? '';
      return words.trim() === '' || words === key || /undefined|[{}]/.test(words) ? [`${key}, ${n}: ${words}`] : [];
    }));
    expect(faults).toEqual([]);
  });
});

it('declines as Polish does', () => {
  const votes = NUMBERS.map((n) => messages.result_votes?.({ n: String(n), count: n }, { locale: 'pl' }));
  expect(votes).toEqual(['0 głosów', '1 głos', '2 głosy', '5 głosów', '12 głosów', '22 głosy', '100 głosów']);
});
