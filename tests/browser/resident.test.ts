/** A resident's way from an invitation to a receipt, in a real browser on the built pages, with a script and without. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotBytes, leafOf, receiptCode, voidOf } from '@commonpot/server/votes/ballots/protocol';
import { root } from '../../scripts/lib/root.ts';
import { closeBrowser, expectAccessible, shoot, withPage, type PageOptions } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting, PROJECTS, type VotingRound } from '../votes/voting-round.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const [WARM, BENCHES, BIKES, BOXING] = PROJECTS.map((project) => project.title) as [string, string, string, string];
const address = (round: VotingRound) => round.path.replace('/funds/', '/f/');
const heading = (page: Page) => page.locator('h1:visible');
const code = (page: Page) => page.locator('[data-words=code]:visible');
const choice = (page: Page, title: string) => page.locator('.project', { has: page.getByRole('heading', { name: title, exact: true }) });
const pick = (page: Page, title: string) => choice(page, title).locator('.pick').click();
const picked = (page: Page) => page.locator('.project:has(:checked) h2').allInnerTexts().then((titles) => titles.sort());
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function enter(page: Page, round: VotingRound, index: number): Promise<void> {
  await page.goto(`${address(round)}/vote`);
  await page.getByLabel('What does the code').fill(round.codes[index] as string);
  await press(page, 'Go to your ballot');
  await page.waitForURL('**/vote/ballot');
}

/** axe needs a script: a page without one is looked at as it stands, in a page that has. */
async function expectReadable(page: Page): Promise<void> {
  const html = (await page.content()).replace(/<script\b.*?<\/script>/gs, '').replace(/<\/?noscript>/g, '');
  await withPage(served, {}, async ({ page: reader }) => {
    await reader.route('**/as-it-stands', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await reader.goto('/as-it-stands');
    await expectAccessible(reader);
  });
}

async function ballotsOf(round: VotingRound): Promise<{ current: number; replaced: number }> {
  const count = async (table: string) => Number((await served.superuser(`select count(*) from ${table} where round_id = $1`, [round.id])).rows[0].count);
  return { current: await count('ballot_open'), replaced: await count('replaced_open') };
}

/** A voter in a round of its own, at the ballot. */
function atBallot(options: PageOptions & { form?: object }, work: (page: Page, round: VotingRound) => Promise<void>): Promise<void> {
  return withPage(served, options, async ({ page, complaints }) => {
    const round = await openVoting(served, { codes: 3, ...(options.form ? { form: options.form } : {}) });
    await enter(page, round, 0);
    await work(page, round);
    expect(complaints.filter((each) => !each.includes('Failed to load resource'))).toEqual([]);
  });
}

describe('from an invitation to a receipt', () => {
  it('with a script', async () => {
    const round = await openVoting(served, { codes: 1 });
    await withPage(served, {}, async ({ page, complaints }) => {
      let script = 0;
      page.on('response', async (response) => {
        if (response.request().resourceType() === 'script') script += gzipSync(await response.body()).length;
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
      expect(script).toBeLessThan(40_000);
      expect(script).toBeGreaterThan(1000);
      expect(complaints).toEqual([]);
    });
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });
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
      await press(page.locator('.fields') as unknown as Page, 'Show');
      expect(await page.locator('.project:visible h2').allInnerTexts().then((all) => all.sort())).toEqual([BENCHES, BOXING, WARM].sort());
      await pick(page, BENCHES);
      await press(page, 'Check your ballot');
      expect(await page.getByRole('alert').first().innerText()).toContain('£2,650 more than there is');
      expect(await picked(page)).toEqual([BENCHES, BOXING, WARM].sort());
      await expectReadable(page);
      await pick(page, BOXING);
      await press(page, 'Check your ballot');
      await expectReadable(page);
      await press(page, 'Change something');
      expect(await picked(page)).toEqual([BENCHES, WARM].sort());
      await press(page, 'Check your ballot');
      await press(page, 'Cast your ballot');
      expect(await heading(page).innerText()).toBe('Your ballot is in.');
      const receipt = await code(page).innerText();
      await expectReadable(page);
      await shoot(page, 'resident-receipt-without-script');
      expect(page.url()).not.toMatch(/salt|void|p=/);
      await page.reload();
      expect(await code(page).innerText()).toBe(receipt);
      expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });

      await page.getByRole('link', { name: 'Change your ballot' }).click();
      await press(page, 'Check your ballot');
      expect(await heading(page).innerText()).toContain('Your ballot is empty');
      await press(page, 'Cast your ballot');
      expect(await code(page).innerText()).not.toBe(receipt);
    });
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 1 });
  });

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
  it('is waited for, and comes to one ballot', () => atBallot({}, async (page, round) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await page.context().setOffline(true);
    await press(page, 'Cast your ballot');
    await expect.poll(() => page.locator('[data-waiting]').innerText()).toBe('We will send it when the line is back. Keep this page open.');
    await expectAccessible(page);
    expect(await ballotsOf(round)).toEqual({ current: 0, replaced: 0 });
    await page.context().setOffline(false);
    await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });
  }));

  it('that swallows the answer, and a reload in the middle, come to the same ballot', () => atBallot({}, async (page, round) => {
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
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });
  }));
});

describe('a second ballot', () => {
  it('replaces the first, which the phone withdraws with its secret', () => atBallot({}, async (page, round) => {
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
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 1 });
  }));

  it('from a page that knew of none is asked about, and one counts', () => atBallot({}, async (page, round) => {
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
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });
    await expectAccessible(page);
    await press(page, 'Cast this one in its place');
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 1 });
  }));
});

describe('a phone in several hands', () => {
  it('shows the next voter nothing of the one before', () => atBallot({}, async (page, round) => {
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

  it('forgets', () => atBallot({}, async (page) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    await press(page, 'Sign out and forget me here');
    await page.waitForURL(`${served.url}/`);
    expect(await page.locator('html').evaluate((html: any) => html.ownerDocument.defaultView.localStorage.length)).toBe(0);
  }));
});

describe.each([['with', true], ['without', false]] as const)('the forms of a ballot, %s a script', (_name, javascript) => {
  const cast = async (page: Page, round: VotingRound) => {
    await (javascript ? expectAccessible(page) : expectReadable(page));
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(round)).toEqual({ current: 1, replaced: 0 });
  };

  it('within the budget', () => atBallot({ javascript }, async (page, round) => {
    for (const title of [WARM, BENCHES, BIKES]) await pick(page, title);
    await cast(page, round);
  }));

  it('up to two', () => atBallot({ javascript, form: { kind: 'up-to', k: 2 } }, async (page, round) => {
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

  it('at least two', () => atBallot({ javascript, form: { kind: 'at-least', k: 2 } }, async (page, round) => {
    await pick(page, WARM);
    await press(page, 'Check your ballot');
    expect(await page.getByRole('alert').filter({ hasText: 'Choose 1 more' }).first().isVisible()).toBe(true);
    await pick(page, BOXING);
    await cast(page, round);
  }));

  it('one, or none', () => atBallot({ javascript, form: { kind: 'one' } }, async (page, round) => {
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
  it('loads once: search and filters ask nobody', () => atBallot({}, async (page) => {
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

  it('keeps the bar in sight and off the projects, and lets go of it on a short screen', () => atBallot({}, async (page) => {
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

  it('says loudly when the server’s differs', () => atBallot({}, async (page) => {
    await page.route('**/api/v1/**/ballot', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), leaf: '0'.repeat(64), code: '0000-0000-0000' } });
    });
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await expect.poll(() => page.getByRole('alert').filter({ hasText: '0000-0000-0000' }).isVisible()).toBe(true);
    await expectAccessible(page);
  }));

  it('can be declined', () => atBallot({}, async (page) => {
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
