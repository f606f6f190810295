/** Every page, on a phone and on a desk, light and dark, with script and without: whole, reachable, readable. */
import { appendFileSync, existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';
import { links } from '../../web/src/lib/links.ts';
import { closeBrowser, DESK, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage, type Visit } from '../lib/browser.ts';
import { makeScene, type Scene } from './scene.ts';
import { pages, type PageRow } from './manifest.ts';
import { findCutOff, findLostFocus, findMovement } from './usable.ts';
import { keepVisits, personOf, type Visits } from './visits.ts';
import { budgetOf, overBudget, weigh } from './weights.ts';

const routesFolder = join(root, 'web/src/routes');
const routes = globSync('**/+page.svelte', { cwd: routesFolder }).map((file) => dirname(file).split(sep).join('/')).sort();

let scene: Scene;
let visits: Visits;
beforeAll(async () => {
  scene = await makeScene();
  visits = keepVisits(scene, {});
});
afterAll(async () => {
  await visits.close();
  await closeBrowser();
  await scene.close();
});

const visitorOf = (row: PageRow) => {
  const person = personOf(row, scene);
  return person === 'stranger' ? scene.visitor() : person;
};
/** A page with script is opened by a browser of its own: it may leave a worker and choices behind. */
const visit = (row: PageRow, work: (visit: Visit) => Promise<void>) => (row.script ? withPage(scene, { as: visitorOf(row) }, work) : visits.of(row).then(work));
const nameOf = ({ route, state }: PageRow) => (state ? `${route}, ${state}` : route);
const isShown = (row: PageRow) => row.leadsTo === undefined;

describe('the manifest', () => {
  it('has a row for every page, and no row without a page', () => {
    expect([...new Set(pages.map((row) => row.route))].sort()).toEqual(routes);
  });

  it('names the pages that ship script', () => {
    const shipsScript = (route: string) => /<script type="module" src/.test(readFileSync(join(routesFolder, route, '+page.svelte'), 'utf8'))
      || (existsSync(join(routesFolder, route, '+page.ts')) && /csr\s*=\s*true/.test(readFileSync(join(routesFolder, route, '+page.ts'), 'utf8')));
    const withScript = routes.filter(shipsScript);
    expect([...new Set(pages.filter((row) => row.script).map((row) => row.route))].sort()).toEqual(withScript);
  });
});

describe('the checks', () => {
  const broken = `<!doctype html><html lang="en"><title>t</title><main><h1>Broken</h1>
    <button>x</button><p>A link <a href="/">in a sentence</a> may be small.</p><p style="color:#bbb;background:#fff;width:500px">pale and wide</p></main>`;

  it('see what is broken', async () => {
    await withPage(scene, { viewport: { width: 320, height: 640 } }, async ({ page }) => {
      await page.setContent(broken);
      expect(await findSmallTargets(page)).toEqual([expect.stringContaining('<button>')]);
      expect(await widthOf(page)).toBeGreaterThan(320);
      await expect(expectAccessible(page)).rejects.toThrow(expect.objectContaining({ actual: expect.stringContaining('color-contrast') }));
    });
    await withPage(scene, {}, async ({ page }) => {
      await page.setContent(`${broken}<style>button:focus { outline: none } b { transition: all 1s; display: block; width: 9rem; height: 1rem; overflow: hidden }</style><b tabindex="2">Letters that are cut off in a box of their own</b>`);
      await page.keyboard.press('Tab');
      expect(await findLostFocus(page)).toEqual([expect.stringMatching(/does not show the focus: <button>/), expect.stringMatching(/an order of its own: <b/)]);
      expect(await findMovement(page)).toEqual([expect.stringContaining('<b')]);
      expect(await findCutOff(page)).toEqual([expect.stringContaining('pixels wide'), expect.stringContaining('cut off: <b')]);
    });
    await withPage(scene, {}, async ({ page, complaints }) => {
      await page.goto('/');
      await page.locator('body').evaluate((body: any) => body.insertAdjacentHTML('beforeend', '<p style="width:43%">blocked</p>'));
      await expect.poll(() => complaints.join()).toContain('Content Security Policy');
    });
  });
});

describe.each(pages.filter(isShown).map((row) => [nameOf(row), row] as const))('%s', (name, row) => {
  it('is whole and accessible on phone and desk, light and dark', async () => {
    await visit(row, async ({ page, complaints }) => {
      await page.setViewportSize(PHONE);
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
      const weighed = weigh(page);
      const answer = await page.goto(row.url(scene));
      expect(answer?.status()).toBe(200);
      expect(page.url()).toBe(new URL(row.url(scene), scene.url).href);
      expectNoStrayScript((await answer?.text()) ?? '', row);
      if (row.script) await page.waitForLoadState('networkidle');
      const weight = await weighed();
      // `pnpm bench pages` asks for the weights alone.
      if (process.env.WEIGHTS) return appendFileSync(process.env.WEIGHTS, `${JSON.stringify({ page: name, ...weight, budget: budgetOf(row.route) })}\n`);
      expect(overBudget(row.route, weight), 'over its budget in tests/browser/weights.ts').toEqual([]);
      await expectUsable(page);
      // What axe finds in the page's parts does not change with the screen; contrast may, with the colours and with the width.
      for (const [viewport, colorScheme, what] of [[PHONE, 'light', 'everything'], [PHONE, 'dark', 'nothing'], [DESK, 'light', 'nothing'], [DESK, 'dark', 'contrast']] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        if (what !== 'nothing') await expectAccessible(page, what);
        await shoot(page, `${name.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home'}-${viewport.width}-${colorScheme}`);
      }
      expect(await page.locator('h1').count()).toBe(1);
      await page.setViewportSize(PHONE);
      expect(await findSmallTargets(page), 'targets under 44 pixels').toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await widthOf(page), 'width at 320 pixels').toBeLessThanOrEqual(320);
      expect(complaints).toEqual([]);
    });
  });
});

it('says of a result that was set aside that it was, wherever it is listed or linked', async () => {
  const { fund, slugs } = scene;
  const paths = [links.fund(fund.slug), links.round(fund.slug, slugs.aside), links.project(fund.slug, slugs.aside, '1')];
  for (const path of paths) expect(await (await fetch(scene.url + path)).text(), path).toContain('The result was set aside.');
});

it('looks for names without one in an address, where proxies would write it down', async () => {
  const { fund, slugs } = scene;
  const { administrator } = fund.people;
  const headers = { cookie: [...administrator.cookies].map((pair) => pair.join('=')).join('; '), origin: scene.url, accept: 'text/html', 'sec-fetch-site': 'same-origin' };
  for (const path of [links.adminRound(fund.slug, slugs.hall, 'roll'), links.paper(fund.slug, slugs.hall), links.adminRound(fund.slug, slugs.counting, 'sealing')]) {
    expect([...(await (await fetch(scene.url + path, { headers })).text()).matchAll(/<form(?![^>]*method="POST")[^>]*>/g)], path).toEqual([]);
    const found = await fetch(`${scene.url}${path}?/find`, { method: 'POST', headers, body: new URLSearchParams({ search: 'bartholomew' }) });
    const html = await found.text();
    expect(found.status, path).toBe(200);
    expect(html, path).toContain('value="bartholomew"');
    expect(html, path).toMatch(/Bartholomew Featherstonehaugh-Cholmondeley(, BS5 6ZZ)?<|<b>Bartholomew/);
  }
});

/** By keyboard, without movement, in forced colours, with letters of twice the size. */
async function expectUsable(page: Page): Promise<void> {
  expect(await findMovement(page), 'moves').toEqual([]);
  expect(await findCutOff(page), 'at twice the size').toEqual([]);
  expect(await findLostFocus(page), 'focus').toEqual([]);
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await findLostFocus(page), 'focus in forced colours').toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });
}

/** Styles and scripts that the policy would block, and any script at all on a page that needs none: that page is the same without. */
function expectNoStrayScript(html: string, { script }: PageRow): void {
  expect(html).toContain('<h1');
  expect(html).not.toMatch(/<[a-z][^>]*\sstyle=/i);
  expect(html).not.toMatch(/<[a-z][^>]*\son[a-z]+=/i);
  // What is inline needs its nonce; a file of our own needs none.
  expect(html.match(/<script(?![^>]*(nonce|src)=)[^>]*>/g) ?? []).toEqual([]);
  if (!script) expect(html).not.toMatch(/<script\b|modulepreload|href="javascript:/);
}

describe.each(pages.filter((row) => isShown(row) && row.script).map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
  it('says the same without its script', async () => {
    const headings = await Promise.all([true, false].map((javascript) => withPage(scene, { as: visitorOf(row), javascript }, async ({ page }) => {
      await page.goto(row.url(scene));
      return page.locator('h1').innerText();
    })));
    expect(headings[1]).toBe(headings[0]);
  });
});

describe.each(pages.filter((row) => !isShown(row)).map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
  it('leads elsewhere', async () => {
    await withPage(scene, { as: visitorOf(row) }, async ({ page }) => {
      const answer = await page.goto(row.url(scene));
      expect(answer?.status()).toBe(200);
      const { pathname, search } = new URL(page.url());
      expect(pathname + search).toBe(row.leadsTo?.(scene));
    });
  });
});
