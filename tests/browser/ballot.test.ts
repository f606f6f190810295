/** The ballot's page and its receipt in a real browser: every form of a ballot, search, the bar, the order, the phone's own arithmetic. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotBytes, leafOf, receiptCode, voidOf } from '@commonpot/server/votes/ballots/protocol';
import { root } from '../../scripts/lib/root.ts';
import { closeBrowser, expectAccessible, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, type VotingRound } from '../votes/voting-round.ts';
import { atBallot, ballotsOf, BENCHES, BIKES, BOXING, choice, code, enter, expectReadable, heading, pick, picked, press, WARM } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

describe.each([['with', true], ['without', false]] as const)('the forms of a ballot, %s a script', (_name, javascript) => {
  const cast = async (page: Page, round: VotingRound) => {
    await (javascript ? expectAccessible(page) : expectReadable(served, page));
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  };

  it('within the budget', () => atBallot(served, { javascript }, async (page, round) => {
    for (const title of [WARM, BENCHES, BIKES]) await pick(page, title);
    await cast(page, round);
  }));

  it('up to two', () => atBallot(served, { javascript, form: { kind: 'up-to', k: 2 } }, async (page, round) => {
    for (const title of [WARM, BOXING]) await pick(page, title);
    if (javascript) {
      expect(await page.locator('.bar strong').innerText()).toBe('2 of 2 chosen');
      expect(await choice(page, BIKES).locator('.why').innerText()).toBe('You have chosen 2 already');
    } else {
      await pick(page, BIKES);
      await press(page, 'Check your ballot');
      expect(await page.getByRole('alert').first().innerText()).toContain('this ballot takes 2');
      await pick(page, BIKES);
    }
    await cast(page, round);
  }));

  it('at least two', () => atBallot(served, { javascript, form: { kind: 'at-least', k: 2 } }, async (page, round) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    expect(await page.getByRole('alert').filter({ hasText: 'Choose 1 more' }).first().isVisible()).toBe(true);
    await pick(page, BOXING);
    await cast(page, round);
  }));

  it('one, or none', () => atBallot(served, { javascript, form: { kind: 'one' } }, async (page, round) => {
    await pick(page, WARM);
    await pick(page, BOXING);
    expect(await picked(page)).toEqual([BOXING]);
    await pick(page, 'None of these');
    await press(page, 'Check your ballot');
    expect(await heading(page).innerText()).toContain('Your ballot is empty');
    await (javascript ? page.goBack() : press(page, 'Change something'));
    await pick(page, BIKES);
    await cast(page, round);
  }));
});

describe('the ballot’s page', () => {
  it('loads once: search and filters ask nobody', () => atBallot(served, {}, async (page) => {
    await page.waitForLoadState('networkidle');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByText('Find a project').first().click();
    await page.getByRole('searchbox').fill('BIKE');
    expect(await page.locator('.project:visible h2').allInnerTexts()).toEqual([BIKES]);
    await page.getByRole('searchbox').fill('nothing of the kind');
    await press(page, 'Show all projects');
    await pick(page, WARM);
    await page.getByRole('radio', { name: /On your ballot/ }).check();
    expect(await page.locator('.project:visible h2').allInnerTexts()).toEqual([WARM]);
    expect(asked).toEqual([]);
  }));

  it('keeps the bar in sight and off the projects, and lets go of it on a short screen', () => atBallot(served, {}, async (page) => {
    await page.locator('.ballot').evaluate((each: any) => each.ownerDocument.defaultView.scrollTo(0, 1e6));
    const [last, bar] = [await page.locator('.project').last().boundingBox(), await page.locator('.bar').boundingBox()];
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    await page.locator('.ballot').evaluate((each: any) => each.ownerDocument.defaultView.scrollTo(0, 0));
    expect(await page.locator('.bar').boundingBox().then((box) => (box?.y ?? 0) + (box?.height ?? 0))).toBeLessThanOrEqual(844);
    await page.setViewportSize({ width: 320, height: 256 });
    expect(await page.locator('.bar').evaluate((each: any) => each.ownerDocument.defaultView.getComputedStyle(each).position)).toBe('static');
  }));

  it('keeps each voter’s order, and has another for the next', async () => {
    const round = await openVoting(served, { codes: 1 });
    const orders = new Set<string>();
    for (let voter = 0; voter < 6; voter += 1) {
      await withPage(served, { javascript: voter % 2 === 0 }, async ({ page }) => {
        await enter(page, round, 0);
        const order = (await page.locator('.project h2').allInnerTexts()).join();
        await page.reload();
        expect((await page.locator('.project h2').allInnerTexts()).join()).toBe(order);
        orders.add(order);
      });
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('the receipt', () => {
  it('is worked out by the phone as by the server', async () => {
    const source = stripTypeScriptTypes(readFileSync(join(root, 'web/src/lib/votes/leaf.ts'), 'utf8')).replaceAll('export ', '');
    const inBrowser = (page: Page, given: { round: string; area: string; projects: string[]; salt: string; voidKey: string }) =>
      page.evaluate(`(async () => { ${source}; const given = ${JSON.stringify(given)}; const leaf = await leafOf({ ...given, void: await voidOf(given.voidKey) }); return [leaf, receiptCode(leaf)]; })()`);
    await withPage(served, {}, async ({ page }) => {
      await page.goto('/');
      expect(await inBrowser(page, { round: '000102030405060708090a0b0c0d0e0f', area: '', projects: ['7', '12'], salt: '01'.repeat(32), voidKey: '02'.repeat(32) }))
        .toEqual(['d09df6bbf7a9c79d2f6df587cf96d85dbf7565af19bbfaa5b4f75b371c309bd2', 'T2EZ-DEZQ-N73R']);
      for (let trial = 0; trial < 32; trial += 1) {
        const hex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
        const given = { round: hex(16), area: trial % 2 ? 'Kürzel № 4' : '', projects: Array.from({ length: trial }, (_, index) => `${index}ß`), salt: hex(32), voidKey: hex(32) };
        const bytes = (text: string) => Buffer.from(text, 'hex');
        const leaf = leafOf(bytes(given.round), voidOf(bytes(given.voidKey)), bytes(given.salt), ballotBytes(given.area, given.projects.map((project) => ({ project }))));
        expect(await inBrowser(page, given)).toEqual([leaf.toString('hex'), receiptCode(leaf)]);
      }
    });
  });

  it('says loudly when the server’s differs', () => atBallot(served, {}, async (page) => {
    await page.route('**/api/v1/**/ballot', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), leaf: '0'.repeat(64), code: '0000-0000-0000' } });
    });
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await expect.poll(() => page.getByRole('alert').filter({ hasText: '0000-0000-0000' }).isVisible()).toBe(true);
    await expectAccessible(page);
  }));

  it('can be declined', () => atBallot(served, {}, async (page) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    const receipt = await code(page).innerText();
    await press(page, 'I don’t want a receipt');
    const kept = await page.locator('html').evaluate((html: any) => JSON.stringify({ ...html.ownerDocument.defaultView.localStorage }));
    expect(kept).not.toContain(receipt);
    expect(kept).not.toContain(WARM);
    expect(kept).toContain('voidKey');
  }));
});
