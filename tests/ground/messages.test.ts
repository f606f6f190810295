/** Every language says everything, and every refusal has its sentence. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '@commonpot/server/platform/config';
import { problems } from '@commonpot/server/platform/problems';
import { usualDrawAfter } from '@commonpot/server/rounds/draws/usual';
import { root } from '../../scripts/lib/root.ts';

const folder = join(root, 'web/messages');
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const files = globSync('*.json', { cwd: folder });
const english = read('en.json');
const keysOf = (catalogue: Record<string, unknown>) => Object.keys(catalogue).filter((key) => key !== '$schema').sort();

/** The names in braces of one message, plural forms included. */
function placeholders(message: unknown): string[] {
  return [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))].sort();
}

describe.each(files)('%s', (file) => {
  const catalogue = read(file);

  it('has the same keys as English', () => {
    expect(keysOf(catalogue)).toEqual(keysOf(english));
  });

  it('has a sentence for every problem of the API, and none for one that is gone', () => {
    const wanted = Object.keys(problems).map((code) => `problem_${code.replaceAll('-', '_')}`);
    expect(keysOf(catalogue).filter((key) => key.startsWith('problem_'))).toEqual(wanted.sort());
  });

  it('leaves nothing empty and loses no figure', () => {
    const faults = keysOf(catalogue).filter((key) => JSON.stringify(catalogue[key]).length < 3 || placeholders(catalogue[key]).join() !== placeholders(english[key]).join());
    expect(faults).toEqual([]);
  });
});

describe('the pages', () => {
  const sources = globSync('src/**/*.{svelte,ts}', { cwd: join(root, 'web'), exclude: ['src/lib/paraglide/**'] }).map((file) => [file, readFileSync(join(root, 'web', file), 'utf8')] as const);

  it('keep the gap before what follows only sometimes: Svelte drops a space at the start of a block', () => {
    const found = sources.flatMap(([file, source]) => [...source.matchAll(/[^\s>]\{#if [^\n{}]+\} (?=[<{\w])/g)].map(([where]) => `${file}: ${where}`));
    expect(found).toEqual([]);
  });

  it('know the draw that is waited for where nobody named one by its English words', () => {
    const nobodyAsked = { urls: [], network: 'quicknet' } as unknown as Config['beacon'];
    expect(usualDrawAfter(new Date('2026-11-22'), { beacon: nobodyAsked, timeZone: 'Europe/London', days: 1 }).name).toBe(english.draw_usual);
  });

  it('use no sentence that is not in the catalogue', () => {
    const missing = sources.flatMap(([file, source]) => [...source.matchAll(/\bm\.(\w+)/g)].filter((match) => !((match[1] as string) in english)).map((match) => `${file}: ${match[1]}`));
    expect(missing).toEqual([]);
  });

  it('have no sentence of their own', () => {
    const own = sources.filter(([file]) => file.endsWith('.svelte')).flatMap(([file, source]) => {
      const markup = source.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '').replace(/\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}/g, '');
      return [...markup.replace(/&\w+;|Commonpot/g, '').matchAll(/>([^<>]*[A-Za-z]{3,}[^<>]*)</g)].map((match) => `${file}: ${match[1]?.trim()}`);
    });
    expect(own).toEqual([]);
  });
});
