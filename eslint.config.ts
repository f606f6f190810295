/** What lint holds. The directions between files stand in scripts/lib/house.ts. */
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';
import { houseRules } from './scripts/lib/lint-rules.ts';
import { root } from './scripts/lib/root.ts';

const clock = 'Code that decides takes the time as an argument (`now`), so that a test or a simulation can move it.';
const bans = {
  clock: [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
    { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: clock },
    { selector: 'TaggedTemplateExpression[tag.name="sql"] TemplateElement[value.raw=/\\b(now\\(\\)|current_timestamp|clock_timestamp)/i]', message: `${clock} SQL's own clock is another clock.` },
  ],
  chance: [{ selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Math.random can be guessed and cannot be repeated: node:crypto makes secrets, and a draw has a published seed.' }],
  defaults: [{ selector: 'ExportDefaultDeclaration', message: 'A default export has another name in every file that imports it: export it by its name.' }],
  barrels: [
    { selector: 'ExportAllDeclaration', message: 'Barrels hide where a thing lives and invite circles: import from the file that makes it.' },
    { selector: 'ExportNamedDeclaration[source]', message: 'Barrels hide where a thing lives and invite circles: import from the file that makes it.' },
  ],
};

export default typescript.config(
  { ignores: ['**/build/', '**/.svelte-kit/', '**/node_modules/', 'web/src/lib/paraglide/', '.commonpot/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...typescript.configs.recommended,
  ...svelte.configs.recommended,
  {
    plugins: { house: houseRules },
    rules: {
      'house/direction': 'error',
      'house/table-owner': 'error',
      'no-restricted-syntax': ['error', ...bans.defaults, ...bans.barrels],
      eqeqeq: 'error',
      'no-console': 'off',
      // The compiler's noUnusedLocals knows more, a constant used for its type for instance.
      '@typescript-eslint/no-unused-vars': 'off',
      // `import { type X }` leaves an import behind; `import type { X }` leaves nothing.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-empty-object-type': 'off',
    },
  },
  {
    files: ['server/src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans.defaults, ...bans.barrels, ...bans.clock, ...bans.chance] },
  },
  {
    // The one place where the clock comes from.
    files: ['server/src/app.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans.defaults, ...bans.barrels, ...bans.chance] },
  },
  {
    // Transactions and money: a promise that nobody waits for is work outside its transaction.
    files: ['server/src/**/*.ts', 'db/src/**/*.ts', 'scripts/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      // The content security policy blocks them, and nothing would be seen of the fault on the development server.
      'svelte/no-inline-styles': 'error',
      'svelte/button-has-type': 'off',
      // The only base path is the root, and every URL comes from lib/links.ts.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/require-each-key': 'error',
    },
  },
  { files: ['web/src/**/*.ts'], languageOptions: { globals: globals.browser } },
  {
    // Tools that ask for a default export.
    files: ['eslint.config.ts', '**/vite*.config.ts', 'tests/lib/cluster.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans.barrels] },
  },
  { files: ['tests/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
);
