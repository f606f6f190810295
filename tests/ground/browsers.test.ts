/** What pages and voters' scripts use is there in the oldest browsers that docs/browsers.md names, or is named there with what happens without it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identifier as MdnFeature } from '@mdn/browser-compat-data';
import { createRequire } from 'node:module';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';
import { oldestBrowsers } from '../../web/oldest-browsers.ts';

const mdn = createRequire(import.meta.url)('@mdn/browser-compat-data') as Record<string, MdnFeature>;
const documented = readFileSync(join(root, 'docs/browsers.md'), 'utf8');

/** Features that a page does without where they are missing; docs/browsers.md says how, line by line. */
const spared = [...documented.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name as string);

function find(path: readonly string[]): MdnFeature | undefined {
  return path.reduce<MdnFeature | undefined>((at, key) => (at && Object.hasOwn(at, key) ? at[key] as MdnFeature : undefined), mdn as unknown as MdnFeature);
}

/** Compares versions as 15.4 and 16, figure by figure. */
function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.replace('≤', '').split('.').map(Number));
  return [0, 1].map((at) => (a?.[at] ?? 0) - (b?.[at] ?? 0)).find((difference) => difference !== 0) as number > 0;
}

/** The browsers of the list that lack it; none where MDN does not know the feature. */
function lackingIn(path: readonly string[]): string[] {
  const support = find(path)?.__compat?.support;
  if (!support) return [];
  return Object.entries(oldestBrowsers).filter(([name, oldest]) => {
    const statements = [support[name as keyof typeof support] ?? []].flat();
    return !statements.some(({ version_added: added, version_removed: removed, flags, prefix }) =>
      typeof added === 'string' && added !== 'preview' && !isLater(added, oldest) && (typeof removed !== 'string' || isLater(removed, oldest)) && !flags && !prefix);
  }).map(([name]) => name);
}

const faults = (features: readonly { name: string; path: readonly string[] }[]): string[] =>
  [...new Set(features.flatMap(({ name, path }) => (lackingIn(path).length > 0 ? [name] : [])))].sort();

/** Every property, value, function, selector and at-rule of a style sheet; what stands in `@supports` is asked for first, and left out. */
function featuresOfStyles(css: string): { name: string; path: string[] }[] {
  const found: { name: string; path: string[] }[] = [];
  const blocks: string[] = [];
  let text = '';
  const addDeclaration = (): void => {
    const [, property = '', value = ''] = /^\s*([a-z-]+)\s*:([^]*)$/.exec(text) ?? [];
    const isGuarded = blocks.some((each) => each.startsWith('@supports'));
    if (property !== '' && !property.startsWith('-') && !isGuarded && blocks.length > 0) {
      found.push({ name: property, path: ['css', 'properties', property] });
      for (const [word] of value.matchAll(/(?<![\w.#-])[a-z][a-z-]*(?=\()/g)) for (const kind of [[], ['color'], ['gradient'], ['image']]) found.push({ name: `${word}()`, path: ['css', 'types', ...kind, word] });
      for (const [word] of value.matchAll(/(?<![\w.#-])[a-z][a-z-]*(?![\w(-])/g)) found.push({ name: `${property}: ${word}`, path: ['css', 'properties', property, word] });
    }
    text = '';
  };
  const addPrelude = (prelude: string): void => {
    const [, rule] = /^@([a-z-]+)/.exec(prelude) ?? [];
    if (rule) found.push({ name: `@${rule}`, path: ['css', 'at-rules', rule] });
    if (rule === 'media') for (const [, feature = ''] of prelude.matchAll(/\(\s*([a-z-]+)/g)) found.push({ name: `@media ${feature}`, path: ['css', 'at-rules', 'media', feature] });
    if (!rule && !blocks.some((each) => each.startsWith('@supports'))) for (const [, pseudo = ''] of prelude.matchAll(/::?([a-z-]+)/g)) found.push({ name: `:${pseudo}`, path: ['css', 'selectors', pseudo] });
  };
  for (const token of css.replace(/\/\*[^]*?\*\//g, '').replace(/"[^"]*"|'[^']*'/g, '""').split(/([{};])/)) {
    if (token === '{') {
      addPrelude(text.trim());
      blocks.push(text.trim());
      text = '';
    } else if (token === '}') {
      addDeclaration();
      blocks.pop();
    } else if (token === ';') addDeclaration();
    else text = token;
  }
  return found;
}

/** A mixin's members stand with the interfaces that have it. */
const MIXINS: Record<string, string> = { ParentNode: 'Element', ChildNode: 'Element', GlobalEventHandlers: 'Element', WindowOrWorkerGlobalScope: 'Window', Body: 'Response', HTMLOrSVGElement: 'HTMLElement', ReadonlyArray: 'Array', ElementCSSInlineStyle: 'HTMLElement', ARIAMixin: 'Element' };

/** What scripts of these entries take from the language and the browser, by what the compiler knows of every name. */
function featuresOfScripts(entries: readonly string[], lib: string): { name: string; path: string[] }[] {
  const program = ts.createProgram(entries, {
    target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.esnext.d.ts', `lib.${lib}.d.ts`],
    allowImportingTsExtensions: true, noEmit: true, strict: true, types: [], skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const found: { name: string; path: string[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !ts.isPartOfTypeNode(node)) {
      const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
      if (declaration && program.isSourceFileDefaultLibrary(declaration.getSourceFile())) {
        const owner = ts.isInterfaceDeclaration(declaration.parent) ? declaration.parent.name.text.replace(/Constructor$/, '') : '';
        const name = owner === '' ? node.text : `${owner}.${node.text}`;
        const within = owner === '' ? [['Window'], []] : [[MIXINS[owner] ?? owner]];
        for (const place of within) for (const start of [['api'], ['javascript', 'builtins']]) found.push({ name, path: [...start, ...place, node.text] });
      }
    }
    ts.forEachChild(node, visit);
  };
  // What is imported as a type alone is not shipped.
  const shipped = new Set(entries.flatMap((entry) => program.getSourceFile(entry) ?? []));
  for (const file of shipped) {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) continue;
      const imported = checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations?.[0];
      if (imported && ts.isSourceFile(imported) && !imported.isDeclarationFile && !imported.fileName.includes('/paraglide/')) shipped.add(imported);
    }
    visit(file);
  }
  return found;
}

const scripts = globSync('web/src/lib/**/*-script.ts', { cwd: root }).map((file) => join(root, file));
const styles = globSync('web/build/client/_app/immutable/assets/*.css', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');

let ofScripts: { name: string; path: string[] }[];
beforeAll(() => void (ofScripts = [...featuresOfScripts(scripts, 'dom'), ...featuresOfScripts([join(root, 'web/src/service-worker/index.ts')], 'webworker')]));

describe('the oldest browsers', () => {
  it('are named for people as the build has them', () => {
    for (const [words, version] of [['Chrome', oldestBrowsers.chrome], ['Edge', oldestBrowsers.edge], ['Firefox', oldestBrowsers.firefox], ['Safari', oldestBrowsers.safari], ['Samsung Internet', parseFloat(oldestBrowsers.samsunginternet_android)]]) {
      expect(documented).toContain(`${words} ${version}`);
    }
  });

  it('have all that the styles use', () => {
    const features = featuresOfStyles(styles);
    expect(features.length).toBeGreaterThan(500);
    expect(faults(features).filter((name) => !spared.includes(name))).toEqual([]);
  });

  it('have all that the scripts use', () => {
    expect(scripts.length).toBeGreaterThan(1);
    expect(ofScripts.length).toBeGreaterThan(200);
    expect(faults(ofScripts).filter((name) => !spared.includes(name))).toEqual([]);
  });

  it('lack what is named as spared, and the pages use it', () => {
    const used = [...faults(featuresOfStyles(styles)), ...faults(ofScripts)];
    expect(spared.filter((name) => !used.includes(name))).toEqual([]);
  });

  it('would be missed: newer features are seen', () => {
    const css = '@container (width>1px){a{color:red}} a:has(b){color:color-mix(in srgb,red,blue);text-wrap:balance;display:grid} @supports (text-wrap:balance){p{text-wrap:balance}}';
    expect(faults(featuresOfStyles(css))).toEqual([':has', '@container', 'color-mix()', 'text-wrap', 'text-wrap: balance']);
  });
});
