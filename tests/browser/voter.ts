/** A resident's hand on the voter's pages: what tests of them share. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible, withPage, type PageOptions } from '../lib/browser.ts';
import type { Served } from '../lib/served.ts';
import { openVoting, PROJECTS, type VotingRound } from '../votes/voting-round.ts';

export const [WARM, BENCHES, BIKES, BOXING] = PROJECTS.map((project) => project.title) as [string, string, string, string];
/** The round's page. */
export const address = (round: VotingRound) => round.path.replace('/funds/', '/f/');
export const heading = (page: Page) => page.locator('h1:visible');
export const code = (page: Page) => page.locator('[data-words=code]:visible');
export const choice = (page: Page, title: string) => page.locator('.project', { has: page.getByRole('heading', { name: title, exact: true }) });
export const pick = (page: Page, title: string) => choice(page, title).locator('.pick').click();
export const picked = (page: Page) => page.locator('.project:has(:checked) h2').allInnerTexts().then((titles) => titles.sort());
export const press = (within: Pick<Page, 'getByRole'>, name: string) => within.getByRole('button', { name, exact: true }).click();

/** Types the printed code with this index. */
export async function enter(page: Page, round: VotingRound, index: number): Promise<void> {
  await page.goto(`${address(round)}/vote`);
  await page.getByLabel('What does the code').fill(round.codes[index] as string);
  await press(page, 'Go to your ballot');
  await page.waitForURL('**/vote/ballot');
}

/** axe needs a script: a page without one is looked at as it stands, in a page that has. */
export async function expectReadable(served: Served, page: Page): Promise<void> {
  const html = (await page.content()).replace(/<script\b.*?<\/script>/gs, '').replace(/<\/?noscript>/g, '');
  await withPage(served, {}, async ({ page: reader }) => {
    await reader.route('**/as-it-stands', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await reader.goto('/as-it-stands');
    await expectAccessible(reader);
  });
}

/** How many ballots the database holds for a round. */
export async function ballotsOf(served: Served, round: VotingRound): Promise<{ current: number; replaced: number }> {
  const count = async (table: string) => Number((await served.superuser(`select count(*) from ${table} where round_id = $1`, [round.id])).rows[0].count);
  return { current: await count('ballot_open'), replaced: await count('replaced_open') };
}

/** A voter in a round of its own, at the ballot. */
export function atBallot(served: Served, options: PageOptions & { form?: object }, work: (page: Page, round: VotingRound) => Promise<void>): Promise<void> {
  return withPage(served, options, async ({ page, complaints }) => {
    const round = await openVoting(served, { codes: 3, ...(options.form ? { form: options.form } : {}) });
    await enter(page, round, 0);
    await work(page, round);
    expect(complaints.filter((each) => !each.includes('Failed to load resource'))).toEqual([]);
  });
}
