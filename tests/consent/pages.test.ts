/** A parent's consent on two phones: asked for, given by the link of a message, used; and taken back before a ballot is cast. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeBrowser, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { draftRound, move, type TestRound } from '../rounds/set-up.ts';
import { choice, heading, press } from '../browser/voter.ts';
import { newcomer } from './newcomer.ts';

let served: Served;
let round: TestRound;
beforeAll(async () => {
  served = await serveWorld();
  round = await draftRound(served, { title: 'Our school', consentBelowAge: 16 });
  await move(served, round, 'notice', 'voting');
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const at = (path: string) => `${round.path.replace('/funds/', '/f/')}${path}`;

/** Joins as somebody under the age, and asks a parent. */
async function askParent(page: Page, parent: string): Promise<void> {
  await page.goto(at('/vote/join'));
  await page.getByLabel('I am younger than 16').check();
  await press(page, 'Go to your ballot');
  await page.waitForURL(/\/vote\/(ballot|consent)$/);
  await page.goto(at('/vote/consent'));
  // What is no address is said at its field, and stays there to be mended.
  await page.getByLabel('Your parent’s email address').fill('my mum');
  await press(page, 'Send the message');
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('Write a mobile number or an email address, whole.');
  await page.getByLabel('Your parent’s email address').fill(parent);
  await press(page, 'Send the message');
  await expect.poll(() => page.getByRole('status').innerText()).toContain('on its way');
}

/** The path of the link that a parent was sent. */
async function linkSentTo(parent: string): Promise<string> {
  const find = async () => ((await served.visitor().get('/demonstration/messages')).body.messages as { recipient: string; body: string }[]).find((each) => each.recipient === parent)?.body ?? '';
  await expect.poll(find).toContain('/consent/');
  return /\/f\/\S+\/consent\/[\w-]{22}/.exec(await find())?.[0] ?? '';
}

/** Opens the link on the parent's own phone; what it looks like in the address bar is nobody's business afterwards. */
async function open(page: Page, parent: string): Promise<void> {
  await page.goto(await linkSentTo(parent));
  expect(page.url()).toBe(`${served.url}${at('/consent')}`);
  expect(await heading(page).innerText()).toBe('May they vote?');
}

async function castOne(page: Page): Promise<void> {
  await page.goto(at('/vote/ballot'));
  await choice(page, 'Benches on Kiln Street').locator('.pick').click();
  await press(page, 'Check your ballot');
  await press(page, 'Cast your ballot');
}

const ballots = async () => Number((await served.superuser(`select count(*) from ballot_open where round_id = $1`, [round.id])).rows[0].count);

it('a parent says yes by the link of a message, and the ballot goes in', async () => {
  const { visitor } = await newcomer(served);
  await withPage(served, { as: visitor, javascript: false }, async ({ page }) => {
    await askParent(page, 'parent@example.org');
    await withPage(served, { javascript: false }, async ({ page: theirs }) => {
      await open(theirs, 'parent@example.org');
      await press(theirs, 'Yes, they may vote');
      expect(await heading(theirs).innerText()).toBe('You said yes');
    });
    await page.goto(at('/vote/consent'));
    expect(await heading(page).innerText()).toBe('A parent said yes');
    await castOne(page);
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
  });
  expect(await ballots()).toBe(1);
});

it('a yes that is taken back before casting lets nothing in, and the page says so and what to do', async () => {
  const { visitor } = await newcomer(served);
  await withPage(served, { as: visitor, javascript: false }, async ({ page }) => {
    await askParent(page, 'guardian@example.org');
    await withPage(served, { javascript: false }, async ({ page: theirs }) => {
      await open(theirs, 'guardian@example.org');
      await press(theirs, 'Yes, they may vote');
      await press(theirs, 'Take my yes back');
      expect(await heading(theirs).innerText()).toBe('You said no');
    });
    await castOne(page);
    expect(await page.getByRole('alert').innerText()).toContain('A parent has not said yes yet.');
    expect(await page.getByRole('link', { name: 'Ask a parent' }).getAttribute('href')).toBe(at('/vote/consent'));
  });
  expect(await ballots()).toBe(1);
});
