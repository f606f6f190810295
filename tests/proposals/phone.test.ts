/** Ideas as people send, sort and answer them: in a real browser, with script and without, on a line that breaks. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { links } from '../../web/src/lib/links.ts';
import { closeBrowser, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { must } from '../rounds/set-up.ts';
import { gather, moveTo, neighbour, send, type Gathering } from './gathering.ts';

let served: Served;
let round: Gathering;
beforeAll(async () => {
  served = await serveWorld();
  round = await gather(served);
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

async function codeFor(page: Page, address: string): Promise<string> {
  const inbox = await page.context().newPage();
  const message = inbox.getByRole('listitem').filter({ hasText: address });
  await expect.poll(async () => {
    await inbox.goto('/outbox');
    return message.count();
  }).toBe(1);
  const code = /\d{6}/.exec(await message.innerText())?.[0] as string;
  await inbox.close();
  return code;
}

const next = (page: Page, name = 'Next') => page.getByRole('button', { name, exact: true }).click();

it.each([true, false])('sends an idea without an account, which is asked for at the end (script: %s)', async (javascript) => {
  await withPage(served, { javascript }, async ({ page, complaints }) => {
    const title = `Benches, script ${javascript}`;
    const address = `idea-${javascript}@example.org`;
    await page.goto(links.ideas(served.fund.slug, round.slug));
    await page.getByRole('link', { name: 'Propose an idea' }).click();
    await page.getByLabel('Your idea in a few words').fill(title);
    await page.getByLabel('What is it, and why is it needed?').fill('My father cannot walk to the shop\nwithout sitting down.');
    await next(page);
    await page.getByLabel('What might it cost?').fill('lots');
    await next(page);
    await expect.poll(() => page.getByText('Type an amount').count()).toBe(1);
    await page.getByLabel('What might it cost?').fill('1,200');
    await page.getByLabel('Where would it be?').fill('Kiln Street');
    await next(page);
    await page.getByLabel('Your name', { exact: true }).fill('Amina Yusuf');
    await page.getByLabel('Show my name').check();
    await page.getByLabel('How can the organisers reach you').fill('amina@example.org');
    await next(page, 'Send my idea');
    await page.getByLabel('email address').fill(address);
    await next(page, 'Send me a code');
    await page.getByLabel('Which code did you get?').fill('000000');
    await next(page, 'Send my idea');
    await expect.poll(() => page.getByRole('alert').filter({ visible: true }).count()).toBe(1);
    await page.getByLabel('Which code did you get?').fill(await codeFor(page, address));
    await next(page, 'Send my idea');
    await page.waitForURL(/\/ideas\/mine\?sent=\d+$/, { timeout: 8000 });
    expect(await page.locator('h1').innerText()).toMatch(/Your idea is in/);
    if (javascript) expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('Benches');

    const number = Number(new URL(page.url()).searchParams.get('sent'));
    expect(await must(served.visitor().get(`${round.path}/ideas/${number}`))).toMatchObject({
      title, description: 'My father cannot walk to the shop\nwithout sitting down.', roughCostMinor: 120_000, place: 'Kiln Street', by: 'Amina Yusuf',
    });
    await page.getByRole('link', { name: 'See it as everybody does' }).click();
    await page.getByRole('button', { name: 'Support this idea' }).click();
    await expect.poll(() => page.getByText('You support this idea').count()).toBe(1);
    expect(await page.locator('body').innerText()).not.toContain('amina@example.org');
    expect(complaints.filter((complaint) => !/40[01]/.test(complaint))).toEqual([]);
  });
});

it('keeps what was typed while the line is dead, and sends it once', async () => {
  const author = await neighbour(served);
  await withPage(served, { as: author }, async ({ page }) => {
    const address = links.newIdea(served.fund.slug, round.slug);
    await page.goto(address);
    await page.getByLabel('Your idea in a few words').fill('A tap in the park');
    await page.getByLabel('What is it, and why is it needed?').fill('Children are thirsty.');
    await page.context().setOffline(true);
    await next(page);
    await expect.poll(() => page.getByText('There is no connection just now').filter({ visible: true }).count()).toBe(1);
    await page.context().setOffline(false);
    // The phone is closed and opened again.
    await page.goto('about:blank');
    await page.goto(address);
    await expect.poll(() => page.getByLabel('Your idea in a few words').inputValue()).toBe('A tap in the park');
    await expect.poll(() => page.getByText('This is what you had written before').filter({ visible: true }).count()).toBe(1);
    const draft = await page.locator('input[name=draft]').inputValue();
    // It had gone through, and only the answer was lost.
    const sent = await must(author.post(`${round.path}/ideas`, { title: 'A tap in the park', description: 'Children are thirsty.', roughCostMinor: null, place: null, name: null, showName: false, contact: null, draft }));
    for (const button of ['Next', 'Next', 'Send my idea']) await next(page, button);
    await page.waitForURL(/\/ideas\/mine\?sent=\d+$/, { timeout: 8000 });
    expect(page.url()).toMatch(new RegExp(`sent=${sent.number}$`));
    expect((await must(author.get(`${round.path}/my-ideas`))).ideas).toHaveLength(1);
  });
});

it('is typed in by an administrator, joined, answered by a reviewer and put on the ballot', async () => {
  const { fund } = served;
  const meeting = await gather(served);
  const to = (page: Page, path: string) => page.goto(path);
  await withPage(served, { as: fund.people.administrator, javascript: false }, async ({ page }) => {
    await to(page, links.adminIdeas(fund.slug, meeting.slug, 'enter'));
    for (const [box, title] of ['Seats at the clinic', 'Somewhere to wait'].entries()) {
      await page.getByLabel(`Idea ${box + 1}`, { exact: true }).fill(title);
      await page.getByLabel('What is it, and why').nth(box).fill('People stand for an hour.');
    }
    await next(page, 'Put these ideas in');
    await expect.poll(() => page.getByText('2 ideas are in').count()).toBe(1);
  });
  await send(await neighbour(served), meeting, 'A bench for the clinic', { name: 'Rosa Delgado', showName: true });
  await moveTo(served, meeting, 'review');
  await withPage(served, { as: fund.people.reviewer, javascript: false }, async ({ page }) => {
    await to(page, links.adminIdeas(fund.slug, meeting.slug));
    for (const title of ['Seats at the clinic', 'Somewhere to wait', 'A bench for the clinic']) await page.getByLabel(title).check();
    await page.getByLabel('Which one answers for all?').fill('3');
    await next(page, 'Join the ticked ideas');
    await expect.poll(() => page.locator('h1').innerText()).toBe('1 idea to sort');
    await page.getByRole('link', { name: 'Go to the reviews' }).click();
    await page.getByRole('link', { name: 'Answer the next: A bench for the clinic' }).click();
    await page.getByLabel('Yes', { exact: true }).check();
    await page.getByLabel('Why?').fill('There is room by the door.');
    await page.getByLabel('As whom do you speak?').first().fill('Clinic manager');
    await next(page, 'Publish this answer');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('If it can be done, it needs');
    await page.getByLabel('What it costs').fill('£900');
    await page.getByLabel('What that pays for').fill('Two benches.');
    await page.getByLabel('Included in the cost').check();
    await page.getByLabel('Who would do it and be paid').fill('Kiln Street Friends');
    await page.getByLabel('Who looks after it later').fill('The clinic');
    await next(page, 'Publish this answer');
    await expect.poll(() => page.locator('h1').innerText()).toBe('Every idea has an answer');
  });
  await withPage(served, { as: fund.people.administrator, javascript: false }, async ({ page }) => {
    await to(page, links.reviewIdea(fund.slug, meeting.slug, 3));
    await next(page, 'Put it on the ballot');
    await expect.poll(() => page.getByText('It is on the ballot as project 1').count()).toBe(1);
    await moveTo(served, meeting, 'notice');
    await to(page, links.project(fund.slug, meeting.slug, '1'));
    expect(await page.getByRole('heading', { level: 2 }).first().innerText()).toBe('Ideas by Rosa Delgado and 2 neighbours');
  });
});
