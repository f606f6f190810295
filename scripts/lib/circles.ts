/** Finds circles of imports, those of types too: whoever reads one file of a circle has to know all of them. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { resolveImport } from './house.ts';

const IMPORT = /^[ \t]*(?:import|export)\s+(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]/gm;

/** What each file imports; paths relative to `root`, with `/`. */
export function readImports(root: string): Map<string, string[]> {
  const files = globSync(['server/src/**/*.ts', 'db/src/**/*.ts', 'scripts/**/*.ts', 'tests/**/*.ts', 'web/src/**/*.{ts,svelte}'], { cwd: root, exclude: ['web/src/lib/paraglide/**'] })
    .map((file) => file.split(sep).join('/'));
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8')).filter((target) => existsSync(join(root, target)))]));
}

/** The targets of one file's imports. */
export function importsOf(file: string, source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => resolveImport(file, match[1] as string));
}

/** Each circle once, as the files on it in order; empty when there is none. */
export function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at !== -1) circles.push(path.slice(at));
    if (at !== -1 || done.has(file)) return;
    path.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return circles;
}
