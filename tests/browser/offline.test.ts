/** A ballot on a bad line: the page and the choices stay on the phone, casting waits and says so, one ballot comes of it; and a shared phone keeps nothing. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, expectAccessible, shoot, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, type VotingRound } from '../votes/voting-round.ts';
import { address, atBallot, ballotsOf, BIKES, code, enter, heading, pick, picked, press, WARM } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

/** Workers begin and end in their own time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
/** What the worker holds: the paths of every store. */
const stored = (page: Page): Promise<string[]> => page.evaluate(`(async () => {
  const paths = [];
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
  return paths.sort();
})()`);
const kept = async (page: Page): Promise<string[]> => (await stored(page)).filter((path) => !path.startsWith('/_app/'));
/** Waits until the page is kept. */
const isKept = (page: Page, round: VotingRound) => eventually(() => kept(page)).toContain(`${address(round)}/vote/ballot`);
const cut = (page: Page) => page.context().setOffline(true);
const mend = (page: Page) => page.context().setOffline(false);
const waiting = (page: Page) => page.locator('[data-waiting]:visible').innerText().catch(() => '');
const remembered = (page: Page): Promise<string[]> => page.evaluate('Object.keys(localStorage)');

describe('a line that is cut', () => {
  it('page loaded, line cut, ballot chosen, page reloaded, line back, cast: one ballot', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await cut(page);
    await pick(page, WARM);
    await page.reload();
    expect(await picked(page)).toEqual([WARM]);
    expect(await page.getByText('The line is gone or very slow.').isVisible()).toBe(true);
    await pick(page, BIKES);
    await page.reload();
    expect(await picked(page)).toEqual([BIKES, WARM].sort());
    await expectAccessible(page);
    await shoot(page, 'offline-ballot');
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await eventually(() => waiting(page)).toContain('Take your ballot as not in until this page says that it is.');
    await shoot(page, 'offline-waiting');
    expect(await ballotsOf(served, round)).toEqual({ current: 0, replaced: 0 });
    await mend(page);
    await eventually(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
    const receipt = await code(page).innerText();

    // The receipt too, and a change of the ballot, which names the one that is in.
    await cut(page);
    await page.reload();
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
    expect(await code(page).innerText()).toBe(receipt);
    await page.getByRole('link', { name: 'Change your ballot' }).click();
    await page.waitForURL('**/vote/ballot');
    expect(await picked(page)).toEqual([BIKES, WARM].sort());
    await pick(page, BIKES);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await eventually(() => waiting(page)).not.toBe('');
    await mend(page);
    await eventually(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 1 });
  }));

  it('cast without a line, closed, and opened again with one: the ballot goes in by itself', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await cut(page);
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await eventually(() => waiting(page)).not.toBe('');
    const context = page.context();
    await page.close();
    const again = await context.newPage();
    await again.goto(`${address(round)}/vote/ballot`);
    await eventually(() => waiting(again)).not.toBe('');
    await again.close();
    await context.setOffline(false);
    const last = await context.newPage();
    await last.goto(`${address(round)}/vote/ballot`);
    await eventually(() => heading(last).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
    expect(await kept(last)).toEqual([`${address(round)}/vote/ballot`]);
  }));

  it('a second device that voted in between is asked about, and nothing is overwritten', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await cut(page);
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await withPage(served, {}, async ({ page: other }) => {
      await enter(other, round, 0);
      await press(other, 'Check your ballot');
      await press(other, 'Cast your ballot');
      await eventually(() => heading(other).innerText()).toBe('Your ballot is in.');
    });
    await mend(page);
    await eventually(() => heading(page).innerText()).toBe('Another ballot of yours is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
    expect(await kept(page)).not.toContain(`${address(round)}/vote/ballot/unsent`);
  }));

  it('a server that is down, or answers with an error, is a line that is cut', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await page.reload();
    await page.context().route(`**${address(round)}/vote/ballot`, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await page.reload();
    expect(await heading(page).innerText()).toContain('You have £60,000');
  }));
});

describe('the worker', () => {
  it('keeps the page with what it names, and nothing else: no choice, no answer of the API', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await eventually(() => heading(page).innerText()).toBe('Your ballot is in.');
    await page.goto(address(round));
    await page.goto(`${address(round)}/vote/ballot`);
    const paths = await stored(page);
    expect(await kept(page)).toEqual([`${address(round)}/vote/ballot`]);
    expect(paths.filter((path) => path.endsWith('.js'))).toHaveLength(1);
    const html: string = await page.evaluate(`caches.match(location.pathname).then((kept) => kept.text())`);
    expect(html).not.toMatch(/name="p"[^>]*\schecked/);
    // A page of an older version named other files: they go when the page is kept again.
    await page.evaluate(`caches.keys().then(([name]) => caches.open(name)).then((store) => store.put('/_app/immutable/old.js', new Response('')))`);
    await page.reload();
    await eventually(() => stored(page)).toEqual(paths);
  }));

  it('is taken back by BALLOT_OFFLINE=false', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    served.app.services.config.ballotOffline = false;
    await page.goto(address(round));
    await page.evaluate('navigator.serviceWorker.getRegistration().then((each) => each.update())');
    await eventually(() => page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)')).toBe(0);
    expect(await stored(page)).toEqual([]);
    served.app.services.config.ballotOffline = true;
  }));
});

describe('a phone in several hands', () => {
  it('keeps nothing after a sign-out, whatever page it was on', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await pick(page, WARM);
    expect(await remembered(page)).toHaveLength(1);
    // As the button on "You": a plain form, and no script of ours to clear anything.
    await page.goto('/');
    await page.locator('body').evaluate((body: any) => {
      body.insertAdjacentHTML('beforeend', '<form method="POST" action="/sign-out"><button>Leave</button></form>');
    });
    await press(page, 'Leave');
    await page.waitForURL(`${served.url}/`);
    expect(await remembered(page)).toEqual([]);
    expect(await stored(page)).toEqual([]);
    // The way back leads to the projects at most, which are public, and to no choice.
    await page.goBack();
    await page.goBack().catch(() => null);
    await eventually(() => picked(page).catch(() => ['on the way'])).toEqual([]);
    expect(await remembered(page)).toEqual([]);
    await cut(page);
    await expect(page.goto(`${address(round)}/vote/ballot`)).rejects.toThrow();
  }));

  it('forgets without a line, stops what was on its way, and says that the sign-in is still there', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await cut(page);
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await eventually(() => waiting(page)).not.toBe('');
    await press(page, 'Sign out and forget me here');
    expect(await heading(page).innerText()).toBe('This device has forgotten what you chose.');
    await expectAccessible(page);
    expect(await remembered(page)).toEqual([]);
    await eventually(() => stored(page)).toEqual([]);
    await mend(page);
    await press(page, 'Sign out now');
    await page.waitForURL(`${served.url}/`);
    expect((await page.context().cookies()).map((cookie) => cookie.name)).not.toContain('__Host-session');
    expect(await ballotsOf(served, round)).toEqual({ current: 0, replaced: 0 });
  }));

  it('shows the next one no page of the one before, even where the line goes right after the code', () => atBallot(served, {}, async (page, round) => {
    await isKept(page, round);
    await page.goto(`${address(round)}/vote/ballot`);
    await page.context().clearCookies();
    await page.context().route(`**${address(round)}/vote/ballot`, (route) => route.abort());
    await page.goto(`${address(round)}/vote`);
    await page.getByLabel('What does the code').fill(round.codes[1] as string);
    await press(page, 'Go to your ballot').catch(() => undefined);
    await eventually(() => page.url()).not.toContain('/vote?');
    expect(await page.getByText(WARM).count()).toBe(0);
  }));
});

// Moves the clock by days, after which nobody is signed in any more: last.
describe('a close that passed without a line', () => {
  it('is said when the line is back, and on the next visit', async () => {
    const round = await openVoting(served, { codes: 2 });
    served.clock.forward(8 * 24 * 60 - 10);
    await withPage(served, {}, async ({ page }) => {
      const context = page.context();
      const castWithoutLine = async (index: number): Promise<Page> => {
        const phone = index === 0 ? page : await context.newPage();
        await enter(phone, round, index);
        await isKept(phone, round);
        await cut(phone);
        await pick(phone, WARM);
        await press(phone, 'Check your ballot');
        await press(phone, 'Cast your ballot');
        await eventually(() => waiting(phone)).toContain('it must reach us before');
        return phone;
      };
      await castWithoutLine(0);
      await page.close();
      served.clock.forward(20);
      await context.setOffline(false);
      const next = await context.newPage();
      await next.goto(`${address(round)}/vote/ballot`);
      await eventually(() => heading(next).innerText()).toBe('Voting is over.');
      await expectAccessible(next);
      expect(await kept(next)).not.toContain(`${address(round)}/vote/ballot/unsent`);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 0, replaced: 0 });
  });
});
