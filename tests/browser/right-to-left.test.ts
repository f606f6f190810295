/** The whole voter's way in every other language: printed code, ballot, check, receipt; what runs left to right stays so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.ts';
import { closeBrowser, expectAccessible, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, type VotingRound } from '../votes/voting-round.ts';
import { address, ballotsOf, BENCHES, BOXING, choice, code, heading, pick, picked, press, WARM } from './voter.ts';

const NARROW = { width: 320, height: 640 };

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

/** The sentences of a language that need nothing put in. */
function wordsOf(locale: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, `web/messages/${locale}.json`), 'utf8'));
}

/** Marks that keep directions apart are not seen, and not looked for. */
const seen = (text: string) => text.replace(/[\u200e\u200f\u2066-\u2069]/g, '');

async function expectWhole(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await shoot(page, name);
  await page.setViewportSize(NARROW);
  expect(await widthOf(page), `${name}: width at 320 pixels`).toBeLessThanOrEqual(NARROW.width);
  await page.setViewportSize(PHONE);
}

/** Where each character of an element's text starts on the screen, from its left edge. */
function leftEdges(page: Page, selector: string): Promise<number[]> {
  return page.locator(selector).first().evaluate((element: any) => {
    const document = element.ownerDocument;
    const text = document.createTreeWalker(element, 4).nextNode();
    return [...text.data].map((_, index) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      return range.getBoundingClientRect().left;
    });
  });
}

const isRising = (numbers: number[]) => numbers.every((each, index) => index === 0 || each > (numbers[index - 1] as number));

async function enterCode(page: Page, round: VotingRound, words: Record<string, string>, typed: string): Promise<void> {
  await page.goto(`${address(round)}/vote`);
  await page.getByLabel(words.vote_code_title as string).fill(typed);
  await press(page, words.vote_code_enter as string);
}

describe.each([['ar', 'rtl'], ['pl', 'ltr']] as const)('a voter reads %s', (locale, direction) => {
  it('from a printed code to a receipt', async () => {
    const words = wordsOf(locale) as Record<string, string>;
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, { locale }, async ({ page, complaints }) => {
      await page.goto(`${address(round)}/vote`);
      expect(await page.locator('html').evaluate((html: any) => [html.lang, html.dir])).toEqual([locale, direction]);
      await expectWhole(page, `${locale}-code`);
      await enterCode(page, round, words, round.codes[0] as string);
      await page.waitForURL('**/vote/ballot');
      await pick(page, WARM);
      await pick(page, BOXING);
      expect(seen(await page.locator('.bar strong').innerText())).toContain(locale === 'ar' ? '£7,100' : '7100');
      expect(seen(await choice(page, BENCHES).locator('.why').innerText())).toContain(locale === 'ar' ? '£2,650' : '2650');
      await expectWhole(page, `${locale}-ballot`);
      await pick(page, BOXING);
      await pick(page, BENCHES);
      expect(await picked(page)).toEqual([BENCHES, WARM].sort());
      await press(page, words.vote_check as string);
      await expectWhole(page, `${locale}-check`);
      await press(page, words.vote_cast as string);
      await expect.poll(() => heading(page).innerText()).toBe(words.receipt_title);
      await expectWhole(page, `${locale}-receipt`);
      const receipt = await code(page).innerText();
      expect(receipt).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(await code(page).evaluate((each: any) => each.ownerDocument.defaultView.getComputedStyle(each).direction), 'the receipt runs left to right').toBe('ltr');
      expect(isRising(await leftEdges(page, '[data-view=receipt] [data-words=code]'))).toBe(true);
      expect(complaints).toEqual([]);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  });

  it('without a script, where a style sheet counts', async () => {
    const words = wordsOf(locale) as Record<string, string>;
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, { locale, javascript: false }, async ({ page }) => {
      await enterCode(page, round, words, round.codes[0] as string);
      await pick(page, WARM);
      const sum = await page.locator('.bar .sum').evaluate((each: any) => each.ownerDocument.defaultView.getComputedStyle(each, '::before').content);
      expect(sum).toMatch(/counter\(left, thousands\)/);
      await shoot(page, `${locale}-ballot-without-script`);
      await press(page, words.vote_check as string);
      await press(page, words.vote_cast as string);
      expect(await heading(page).innerText()).toBe(words.receipt_title);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  });
});

describe('from right to left', () => {
  it('a level fills from the right, and what people wrote stays in order', async () => {
    const round = await openVoting(served, { codes: 1 });
    const words = wordsOf('ar') as Record<string, string>;
    await withPage(served, { locale: 'ar' }, async ({ page }) => {
      await enterCode(page, round, words, round.codes[0] as string);
      await pick(page, WARM);
      const edges = await page.locator('.bar svg').evaluate((svg: any) => [svg, svg.querySelector('rect')].map((each: any) => Math.round(each.getBoundingClientRect().right)));
      expect(Math.abs((edges[0] as number) - (edges[1] as number))).toBeLessThanOrEqual(2);
      expect(await choice(page, WARM).locator('h2').evaluate((title: any) => title.ownerDocument.defaultView.getComputedStyle(title).textAlign)).toBe('right');
      const price = await leftEdges(page, '.project .cost');
      expect(isRising(price.slice(1, -1)), 'a price runs left to right, its pound sign first').toBe(true);
    });
  });

  it('the digits of an Arabic keyboard are digits', async () => {
    const round = await openVoting(served, { codes: 1 });
    const words = wordsOf('ar') as Record<string, string>;
    const typed = (round.codes[0] as string).replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    await withPage(served, { locale: 'ar' }, async ({ page }) => {
      await enterCode(page, round, words, typed);
      await page.waitForURL('**/vote/ballot');
      expect(await heading(page).innerText()).toContain('£60,000');
    });
  });
});
