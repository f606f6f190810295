/** A resident's way from an invitation to a receipt, in a real browser on the built pages, with a script and without. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, expectAccessible, shoot, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, PROJECTS } from '../votes/voting-round.ts';
import { address, atBallot, ballotsOf, BENCHES, BIKES, BOXING, choice, code, enter, expectReadable, heading, pick, picked, press, WARM } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

describe('from an invitation to a receipt', () => {
  it('with a script', async () => {
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, {}, async ({ page, complaints }) => {
      // Each file once: a reload takes it from the phone.
      const scripts = new Map<string, number>();
      page.on('response', async (response) => {
        if (response.request().resourceType() === 'script') scripts.set(response.url(), gzipSync(await response.body()).length);
      });
      await page.goto(`${address(round)}/projects/2`);
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Vote now' }).click();
      await expectAccessible(page);
      await page.getByLabel('What does the code').fill((round.codes[0] as string).toLowerCase().replaceAll('-', ' '));
      await press(page, 'Go to your ballot');
      await page.waitForURL('**/vote/ballot#project-2');
      await pick(page, WARM);
      await pick(page, BOXING);
      expect(await page.locator('.bar strong').innerText()).toBe('£7,100 left');
      expect(await choice(page, BENCHES).locator('.why').innerText()).toBe('£2,650 more than you have left');
      await expectAccessible(page);
      await shoot(page, 'resident-ballot');

      await choice(page, BENCHES).getByRole('button', { name: `Make room for ${BENCHES}` }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: `Take off ${BOXING}` }).click();
      expect(await page.locator('.bar strong').innerText()).toBe('£41,600 left');
      expect(await choice(page, BENCHES).locator('.why').count()).toBe(0);
      await pick(page, BENCHES);
      await page.reload();
      expect(await picked(page)).toEqual([BENCHES, WARM].sort());

      await press(page, 'Check your ballot');
      expect(await page.locator('[data-lines]:visible li').allInnerTexts()).toEqual([expect.stringContaining(WARM), expect.stringContaining(BENCHES)]);
      await expectAccessible(page);
      await shoot(page, 'resident-check');
      await press(page, 'Cast your ballot');
      await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
      const receipt = await code(page).innerText();
      expect(receipt).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(await page.locator('[data-differs]:visible').count()).toBe(0);
      await expectAccessible(page);
      await shoot(page, 'resident-receipt');
      expect(page.url()).toBe(`${served.url}${address(round)}/vote/receipt`);
      await page.reload();
      expect(await code(page).innerText()).toBe(receipt);
      const script = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0);
      expect(script).toBeLessThan(40_000);
      expect(script).toBeGreaterThan(1000);
      expect(complaints).toEqual([]);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  });

  it('without a script', async () => {
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, { javascript: false }, async ({ page }) => {
      await page.goto(address(round));
      await page.getByRole('link', { name: 'Vote now' }).click();
      await page.getByLabel('What does the code').fill(round.codes[0] as string);
      await press(page, 'Go to your ballot');
      await pick(page, WARM);
      await pick(page, BOXING);
      const sum = await page.locator('.bar .sum').evaluate((each: any) => each.ownerDocument.defaultView.getComputedStyle(each, '::before').content);
      expect(sum).toContain('left of £60,000');
      await page.getByText('Search, or filter').or(page.getByText('Find a project')).first().click();
      await page.getByRole('searchbox').fill('kiln');
      await press(page.locator('.fields'), 'Show');
      expect(await page.locator('.project:visible h2').allInnerTexts().then((all) => all.sort())).toEqual([BENCHES, BOXING, WARM].sort());
      await pick(page, BENCHES);
      await press(page, 'Check your ballot');
      expect(await page.getByRole('alert').first().innerText()).toContain('£2,650 more than there is');
      expect(await picked(page)).toEqual([BENCHES, BOXING, WARM].sort());
      await expectReadable(served, page);
      await pick(page, BOXING);
      await press(page, 'Check your ballot');
      await expectReadable(served, page);
      await press(page, 'Change something');
      expect(await picked(page)).toEqual([BENCHES, WARM].sort());
      await press(page, 'Check your ballot');
      await press(page, 'Cast your ballot');
      expect(await heading(page).innerText()).toBe('Your ballot is in.');
      const receipt = await code(page).innerText();
      await expectReadable(served, page);
      await shoot(page, 'resident-receipt-without-script');
      expect(page.url()).not.toMatch(/salt|void|p=/);
      await page.reload();
      expect(await code(page).innerText()).toBe(receipt);
      expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });

      await page.getByRole('link', { name: 'Change your ballot' }).click();
      await press(page, 'Check your ballot');
      expect(await heading(page).innerText()).toContain('Your ballot is empty');
      await press(page, 'Cast your ballot');
      expect(await code(page).innerText()).not.toBe(receipt);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 1 });
  });

  it('and without a script no page’s length says what was chosen', () => atBallot(served, { javascript: false }, async (page, round) => {
    const send = async (action: string, form: Record<string, string>) => {
      const { headers, body } = await page.request.post(`${served.url}${address(round)}/vote/ballot?/${action}`, { form, headers: { origin: served.url, accept: 'text/html' } }).then(async (answer) => ({ headers: answer.headers(), body: await answer.text() }));
      return { length: Buffer.byteLength(body), told: Number(headers['content-length']), body };
    };
    const [none, one] = [await send('check', {}), await send('check', { p: '1' })];
    expect(one.body).toContain('name="p"');
    expect([one.length, one.told]).toEqual([none.length, none.length]);
    const [all, again] = [await send('change', { p1: '1' }), await send('change', {})];
    expect(all.length).toBe(again.length);
  }));

  it('by signing in and joining', async () => {
    const round = await openVoting(served, { codes: 0, credentials: ['sign-in'] });
    await withPage(served, { javascript: false }, async ({ page }) => {
      await page.goto(`${address(round)}/vote`);
      await page.getByRole('link', { name: 'Sign in with a code we send' }).click();
      await page.getByLabel('Your email address').fill('new.neighbour@example.org');
      await press(page, 'Send me a code');
      await expect.poll(async () => (await served.visitor().get('/demonstration/messages')).body.messages[0]?.recipient).toBe('new.neighbour@example.org');
      await page.getByRole('textbox').fill((await served.visitor().get('/demonstration/messages')).body.messages[0].body.slice(0, 6));
      await press(page, 'Sign in');
      expect(await heading(page).innerText()).toBe('You can vote in this round.');
      await press(page, 'Go to your ballot');
      expect(await page.locator('.project').count()).toBe(PROJECTS.length);
    });
  });
});

describe('a bad line', () => {
  it('is waited for, and comes to one ballot', () => atBallot(served, {}, async (page, round) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await page.context().setOffline(true);
    await press(page, 'Cast your ballot');
    await expect.poll(() => page.locator('[data-waiting]').innerText()).toContain('Take your ballot as not in until this page says that it is.');
    await expectAccessible(page);
    expect(await ballotsOf(served, round)).toEqual({ current: 0, replaced: 0 });
    await page.context().setOffline(false);
    await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  }));

  it('that swallows the answer, and a reload in the middle, come to the same ballot', () => atBallot(served, {}, async (page, round) => {
    await pick(page, BIKES);
    const sent: string[] = [];
    let isCut = true;
    await page.route('**/api/v1/**/ballot', async (route) => {
      sent.push(route.request().postData() ?? '');
      const answer = await route.fetch();
      // The reload takes a request away from under its route.
      await (isCut ? route.abort() : route.fulfill({ response: answer })).catch(() => undefined);
    });
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBeGreaterThan(1);
    await page.reload();
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBeGreaterThan(2);
    isCut = false;
    await expect.poll(() => heading(page).innerText(), { timeout: 20_000 }).toBe('Your ballot is in.');
    expect(new Set(sent).size).toBe(1);
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  }));
});

describe('a second ballot', () => {
  it('replaces the first, which the phone withdraws with its secret', () => atBallot(served, {}, async (page, round) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await page.getByRole('link', { name: 'Change your ballot' }).click();
    await page.waitForURL('**/vote/ballot');
    expect(await picked(page)).toEqual([WARM]);
    const cast = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/api/v1/'));
    await pick(page, BIKES);
    await press(page, 'Check your ballot');
    expect(await page.getByText('takes the place of the ballot you cast before').isVisible()).toBe(true);
    await press(page, 'Cast your ballot');
    const body = (await cast).postDataJSON();
    expect(body).toMatchObject({ replaces: expect.stringMatching(/^[0-9a-f]{64}$/), oldVoidKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 1 });
  }));

  it('from a page that knew of none is asked about, and one counts', () => atBallot(served, {}, async (page, round) => {
    await pick(page, BENCHES);
    await press(page, 'Check your ballot');
    await withPage(served, {}, async ({ page: other }) => {
      await enter(other, round, 0);
      await press(other, 'Check your ballot');
      expect(await heading(other).innerText()).toContain('Your ballot is empty');
      await expectAccessible(other);
      await press(other, 'Cast your ballot');
      await expect.poll(() => heading(other).innerText()).toBe('Your ballot is in.');
    });
    await press(page, 'Cast your ballot');
    await expect.poll(() => heading(page).innerText()).toBe('Another ballot of yours is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
    await expectAccessible(page);
    await press(page, 'Cast this one in its place');
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 1 });
  }));
});

describe('a phone in several hands', () => {
  it('shows the next voter nothing of the one before', () => atBallot(served, {}, async (page, round) => {
    await pick(page, WARM);
    await page.context().clearCookies();
    await enter(page, round, 1);
    expect(await heading(page).innerText()).toContain('Was that you?');
    expect(await page.getByText(WARM).filter({ visible: true }).count()).toBe(0);
    await expectAccessible(page);
    await press(page, 'No, start with an empty ballot');
    expect(await picked(page)).toEqual([]);
    await page.reload();
    expect(await heading(page).innerText()).toContain('You have £60,000');
  }));

  it('forgets', () => atBallot(served, {}, async (page) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Sign out and forget me here');
    await page.waitForURL(`${served.url}/`);
    expect(await page.locator('html').evaluate((html: any) => html.ownerDocument.defaultView.localStorage.length)).toBe(0);
  }));
});

describe('too late', () => {
  it('a sign-in that ran out is said, and the phone keeps the choices', () => atBallot(served, {}, async (page) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    const cookies = await page.context().cookies();
    await page.context().clearCookies({ name: '__Host-session' });
    await press(page, 'Cast your ballot');
    await page.waitForURL('**/vote?again');
    expect(await page.getByRole('alert').innerText()).toContain('Your ballot did not go in');
    await expectAccessible(page);
    await page.context().addCookies(cookies);
    await page.goto(page.url());
    expect(await picked(page)).toEqual([WARM]);
  }));

  // Moves the clock by days, after which nobody is signed in any more: last.
  it('after the close the page says so, and what counts', async () => {
    const round = await openVoting(served, { codes: 1 });
    served.clock.forward(8 * 24 * 60 - 10);
    await withPage(served, {}, async ({ page }) => {
      await enter(page, round, 0);
      await press(page, 'Check your ballot');
      await press(page, 'Cast your ballot');
      await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
      await page.getByRole('link', { name: 'Change your ballot' }).click();
      await page.waitForURL('**/vote/ballot');
      await pick(page, WARM);
      await press(page, 'Check your ballot');
      served.clock.forward(20);
      await press(page, 'Cast your ballot');
      await expect.poll(() => heading(page).innerText()).toBe('Voting is over.');
      expect(await page.getByText('The ballot you cast before is in, and it counts.').isVisible()).toBe(true);
      await expectAccessible(page);
    });
    expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
  });
});
