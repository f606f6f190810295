/** The pages in every other language: in its direction, its words, within a narrow phone; and how somebody chooses one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';
import { links } from '../../web/src/lib/links.ts';
import { closeBrowser, DESK, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { makeScene, type Scene } from './scene.ts';
import { pages, type PageRow } from './manifest.ts';
import { keepVisits, type Visits } from './visits.ts';

const settings: { baseLocale: string; locales: string[] } = JSON.parse(readFileSync(join(root, 'web/project.inlang/settings.json'), 'utf8'));
const others = settings.locales.filter((locale) => locale !== settings.baseLocale);
const sentence = (locale: string, key: string): string => JSON.parse(readFileSync(join(root, `web/messages/${locale}.json`), 'utf8'))[key];

let scene: Scene;
beforeAll(async () => void (scene = await makeScene()));
afterAll(async () => {
  await closeBrowser();
  await scene.close();
});

const NARROW = { width: 320, height: 640 };
const shown = pages.filter((row) => row.leadsTo === undefined);
const nameOf = ({ route, state }: PageRow) => (state ? `${route}, ${state}` : route);

async function shootAll(page: Page, name: string): Promise<void> {
  for (const viewport of [DESK, PHONE, NARROW]) {
    await page.setViewportSize(viewport);
    await shoot(page, `${name}-${viewport.width}`);
  }
}

describe.each(others)('%s', (locale) => {
  let visits: Visits;
  beforeAll(() => void (visits = keepVisits(scene, { locale, viewport: NARROW })));
  afterAll(() => visits.close());

  it.each(shown.map((row) => [nameOf(row), row] as const))('%s fits', async (name, row) => {
    const { page, complaints } = await visits.of(row);
    const answer = await page.goto(row.url(scene));
    expect(answer?.status()).toBe(200);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale);
    expect(await page.locator('html').getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    expect(await answer?.text()).not.toContain(`>${sentence(settings.baseLocale, 'skip_to_content')}<`);
    expect(await widthOf(page), 'width at 320 pixels').toBeLessThanOrEqual(NARROW.width);
    expect(await findSmallTargets(page), 'targets under 44 pixels').toEqual([]);
    expect(complaints).toEqual([]);
    if (process.env.SCREENSHOTS) await shootAll(page, `${locale}-${name.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home'}`);
  });

  it.each([true, false])('is chosen at the foot of a page and kept, with script: %s', async (javascript) => {
    await withPage(scene, { javascript }, async ({ page }) => {
      const path = links.signIn(links.you());
      await page.goto(path);
      await page.locator(`footer button[value="${locale}"]`).click();
      expect(page.url()).toBe(`${scene.url}${path}`);
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      expect(await page.locator('h1').innerText()).toBe(sentence(locale, 'sign_in_title'));
      if (javascript) await expectAccessible(page);
      await page.goto(links.home());
      expect(await page.locator('h1').innerText()).toBe(sentence(locale, 'home_title'));
      await page.locator(`footer button[value="${settings.baseLocale}"]`).click();
      expect(await page.locator('h1').innerText()).toBe(sentence(settings.baseLocale, 'home_title'));
    });
  });
});

describe('the choice', () => {
  it('takes no language that is not there, and leads nowhere else', async () => {
    const post = (form: Record<string, string>) => fetch(`${scene.url}${links.language()}`, { method: 'POST', redirect: 'manual', headers: { origin: scene.url, 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams(form) });
    const unknown = await post({ language: 'xx', next: '/you' });
    expect([unknown.status, unknown.headers.get('location'), unknown.headers.get('set-cookie')]).toEqual([303, '/you', null]);
    for (const next of ['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '']) {
      const answer = await post({ language: others[0] as string, next });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    }
  });

  it('is not offered on the answer to a form, which may be shown only once', async () => {
    await withPage(scene, { as: scene.fund.people.administrator }, async ({ page }) => {
      await page.goto(links.adminRound(scene.fund.slug, scene.slugs.voting, 'codes'));
      expect(await page.locator('footer form').count()).toBe(1);
      await page.locator('form:not([action*="letters"]) input[name="count"]').fill('2');
      await page.locator('form:not([action*="letters"]):has(input[name="count"]) button').click();
      await page.locator('h1').waitFor();
      expect(await page.getByText('They are shown this once', { exact: false }).count()).toBe(1);
      expect(await page.locator('footer form').count()).toBe(0);
    });
  });
});
