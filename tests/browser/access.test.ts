/** The voter's way for whoever does not see it, does not point, or sets colours and sizes: what is said, where the focus is, what stays. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, expectAccessible, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, phoneWith } from '../votes/voting-round.ts';
import { address, atBallot, ballotsOf, BENCHES, choice, code, heading, pick, press, WARM } from './voter.ts';
import { budgets, MOST, weigh } from './weights.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
/** What is under the keyboard's hand, as a screen reader names it. */
const focused = (page: Page): Promise<string> => page.locator(':focus').ariaSnapshot().then((said) => said.split('\n')[0] ?? '', () => '');

/** Presses Tab until the thing of this name has the focus, as a person would; gives up after a page's worth of keys. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let key = 0; key < 60; key += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(name)) return;
  }
  throw new Error(`${name} cannot be reached with Tab`);
}

describe('a keyboard alone', () => {
  it.each([true, false])('signs in with a printed code, chooses, casts, and has the receipt (script: %s)', async (javascript) => {
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, { javascript }, async ({ page }) => {
      await page.goto(`${address(round)}/vote`);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toContain('link "Skip to the page"');
      await tabTo(page, 'textbox');
      await page.keyboard.type(round.codes[0] as string);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/vote/ballot');
      await tabTo(page, `checkbox "Add to ballot ${WARM}"`);
      await page.keyboard.press('Space');
      expect(await choice(page, WARM).getByRole('checkbox').isChecked()).toBe(true);
      await tabTo(page, 'button "Check your ballot"');
      await page.keyboard.press('Enter');
      await eventually(() => heading(page).innerText()).toContain('Shall it go in?');
      await tabTo(page, 'button "Cast your ballot"');
      await page.keyboard.press('Enter');
      await eventually(() => heading(page).innerText()).toBe('Your ballot is in.');
      if (javascript) expect(await page.locator(':focus').innerText()).toBe('Your ballot is in.');
      expect((await page.locator('.code').filter({ visible: true }).first().innerText()).length).toBe(14);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  });

  it('makes room, goes back, and keeps its place', () => atBallot(served, {}, async (page) => {
    await pick(page, 'New floor for the boxing gym');
    await pick(page, WARM);
    const more = page.getByRole('button', { name: /^Make room/ }).first();
    await more.focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toContain('button');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').count()).toBe(1);
    await tabTo(page, 'button "Check your ballot"');
    await page.keyboard.press('Enter');
    await tabTo(page, 'button "Change something"');
    await page.keyboard.press('Enter');
    await eventually(() => heading(page).innerText()).toContain('You have £60,000');
    expect(await page.locator(':focus').count()).toBe(1);
  }));
});

/** The parts of a page by their roles and names, as a screen reader walks through them. */
const said = (page: Page, selector = 'main') => page.locator(selector).ariaSnapshot();

describe('a screen reader', () => {
  it('is told the ballot, the check and the receipt', () => atBallot(served, {}, async (page) => {
    const card = () => choice(page, WARM).ariaSnapshot();
    expect(await card()).toContain(`heading "${WARM}" [level=2]`);
    expect(await card()).toContain(`link "Read more ${WARM}"`);
    expect(await card()).toMatch(new RegExp(`checkbox ".*${WARM}"$`, 'm'));
    await pick(page, WARM);
    expect(await card()).toMatch(new RegExp(`checkbox ".*${WARM}" \\[checked\\]`, 'm'));
    await eventually(() => page.locator('[data-status]').innerText()).toContain('£41,600');
    const ballot = await said(page);
    expect(ballot).toMatch(/^ *- search:/m);
    expect(ballot).toMatch(/heading "You have £60,000[^"]*" \[level=1\]/);
    await press(page, 'Check your ballot');
    const check = await said(page);
    expect(check).toMatch(/heading "This is your ballot\. Shall it go in\?" \[level=1\]/);
    expect(check).toContain(`listitem: ${WARM} £18,400`);
    expect(check).toMatch(/button "Cast your ballot"[^]*button "Change something"/);
    await press(page, 'Cast your ballot');
    await eventually(() => heading(page).innerText()).toBe('Your ballot is in.');
    const receipt = await said(page);
    expect(receipt).toContain('heading "Your ballot is in." [level=1]');
    expect(receipt).toContain(`paragraph: ${await code(page).innerText()}`);
    expect(receipt).toContain('link "Change your ballot"');
  }));

  it('is told the same in Arabic', async () => {
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, { locale: 'ar' }, async ({ page }) => {
      await page.goto(`${address(round)}/vote`);
      const entry = await said(page);
      expect(entry).toMatch(/textbox "[\u0600-\u06ff ]+/);
      expect(entry).not.toMatch(/(?:button|heading|link|textbox) "[A-Za-z ]+"/);
      await page.getByRole('textbox').fill(round.codes[0] as string);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/vote/ballot');
      expect(await choice(page, WARM).ariaSnapshot()).toMatch(new RegExp(`checkbox "[\u0600-\u06ff ]+ ${WARM}"`));
      expect(await said(page, '.bar')).toMatch(/button "[\u0600-\u06ff ]+"/);
      await pick(page, WARM);
      await page.locator('.bar button').click();
      const check = await said(page);
      expect(check).toMatch(/heading "[\u0600-\u06ff .،؟]+" \[level=1\]/);
      expect(check.match(/button "[\u0600-\u06ff ]+"/g)?.length).toBeGreaterThan(1);
      expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    });
  });
});

describe('colours of one’s own', () => {
  it('tell the chosen from the others, and the focus, without a colour of ours', () => atBallot(served, {}, async (page) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await pick(page, WARM);
    const look = (title: string) => choice(page, title).evaluate((card: any) => {
      const style = (element: any) => card.ownerDocument.defaultView.getComputedStyle(element);
      return { edge: style(card).borderTopWidth, words: card.querySelector('.pick').innerText.trim() };
    });
    const [chosen, other] = [await look(WARM), await look(BENCHES)];
    expect(parseFloat(chosen.edge)).toBeGreaterThan(parseFloat(other.edge));
    expect(chosen.words).not.toBe(other.words);
    const chip = (name: RegExp) => page.getByRole('radio', { name }).locator('..').evaluate((label: any) => {
      const { backgroundColor, borderTopWidth } = label.ownerDocument.defaultView.getComputedStyle(label);
      return `${backgroundColor} ${borderTopWidth}`;
    });
    expect(await chip(/^All/)).not.toBe(await chip(/On your ballot/));
    await expectAccessible(page);
  }));
});

describe('without a script', () => {
  it('the money that is left is written as people write it', () => atBallot(served, { javascript: false }, async (page) => {
    const client = await page.context().newCDPSession(page);
    const spoken = async (): Promise<string> => ((await client.send('Accessibility.getFullAXTree')) as any).nodes.map((node: any) => (node.role?.value === 'StaticText' ? node.name.value : '')).join('').replace(/\s+/g, '');
    await eventually(spoken).toMatch(/£60,000left/);
    await pick(page, WARM);
    await eventually(spoken).toMatch(/£41,600left/);
    await pick(page, 'Bike repair van for the estates');
    await pick(page, BENCHES);
    await eventually(spoken).toMatch(/£19,850left/);
  }));
});

describe('weights', () => {
  it('no budget allows what was never promised', () => {
    const voters = budgets.filter(([route]) => route.includes('/vote'));
    expect(voters.length).toBeGreaterThan(2);
    for (const [, budget] of voters) {
      expect(budget.js).toBeLessThanOrEqual(MOST.voter.js);
      expect(budget.all).toBeLessThanOrEqual(MOST.voter.all);
    }
    expect(budgets.filter(([route, { js }]) => route.startsWith('(public)') && js > MOST.publicJs)).toEqual([]);
  });

  it('a ballot of a hundred projects keeps within it', async () => {
    const words = 'Somewhere to sit, to meet and to get out of the rain, for whoever comes by: young people after school, and older neighbours on their way to the shops. ';
    const projects = Array.from({ length: 100 }, (_, index) => ({
      title: `${['Benches', 'Shade', 'A repair table', 'Lights', 'A drinking tap'][index % 5]} for street number ${index * 7} on the estate`, costMinor: 100_000 + index * 12_300,
      summary: `${words}${index * 131} ${words.slice(index % 60)}`.slice(0, 300), category: ['Green', 'Play', 'Streets'][index % 3], area: ['North', 'South'][index % 2], delivererName: 'The Council',
    }));
    const round = await openVoting(served, { codes: 1, projects });
    await withPage(served, { as: await phoneWith(served, round, round.codes[0] as string) }, async ({ page }) => {
      const weighed = weigh(page);
      await page.goto(`${address(round)}/vote/ballot`);
      await page.waitForLoadState('networkidle');
      const { js, all } = await weighed();
      expect(await page.locator('.project').count()).toBe(104);
      expect(js).toBeLessThanOrEqual(MOST.voter.js * 1000);
      expect(all).toBeLessThanOrEqual(MOST.voter.all * 1000);
    });
  });
});
