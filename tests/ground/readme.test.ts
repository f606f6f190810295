/** The README tells of every setting and every command, and of nothing that is not there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');

it('names the two commands exactly', () => {
  expect(readme).toContain('\n    npx --yes pnpm@12.21.0 start\n');
  expect(readme).toContain('\n    npx --yes pnpm@12.21.0 test\n');
  expect(read('.ci/run')).toContain('npx --yes pnpm@12.21.0 test');
});

it('names every setting', () => {
  const settings = [...read('server/src/platform/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1] as string);
  expect(settings).toContain('DATABASE_URL');
  expect(settings.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

it('names every command', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => !new RegExp(`(\`| )${name}(\`| |\\n)`).test(readme))).toEqual([]);
  expect(Object.values(scripts).map((script) => script.replace('node ', '')).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('shows pictures and leads to files that are there', () => {
  const targets = [...readme.matchAll(/(?:src="|\]\()([^")]+)/g)].map((match) => match[1] as string).filter((target) => !target.startsWith('http'));
  expect(targets.length).toBeGreaterThan(3);
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});
