/** From asking to a voucher on a telephone: with a script, without one, and on a line that dies after Send. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, expectAccessible, shoot, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { ask, messagesOf, newNumber, openGrants, queue, type OpenGrants } from '../grants/granting.ts';
import { must } from '../payouts/house.ts';
import { expectReadable, heading, press } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const askPath = (round: OpenGrants) => `${round.path.replace('/funds/', '/f/')}/ask`;
const requests = async (round: OpenGrants) => Number((await served.superuser('select count(*) from request r join grant_round g on g.id = r.grant_round_id where g.slug = $1', [round.slug])).rows[0].count);

/** Where the form goes. */
const SENT = /\/ask\?\/send$/;

/** Answers the three questions. */
async function answer(page: Page, given: { amount: string; contact: string }): Promise<void> {
  await page.getByLabel('How much?').fill(given.amount);
  await page.getByLabel('A voucher for local shops').check();
  await page.getByLabel('How can we reach you?').fill(given.contact);
  await page.getByLabel('What shall we call you?').fill('Sam');
}

/** An administrator says yes; the answer is the request's id. */
async function approve(round: OpenGrants): Promise<string> {
  const [waiting] = await queue(served.fund, round);
  await must(served.fund.people.administrator.post(`/funds/${served.fund.slug}/requests/${waiting.id}/decisions`, { verdict: 'yes' }));
  return waiting.id;
}

describe('asking on a telephone', () => {
  it('from the fund’s page to a yes and the voucher, and back by the private link', async () => {
    const round = await openGrants(served.fund);
    await must(served.fund.people.administrator.post(`/funds/${served.fund.slug}/signposts`, { name: 'Advice at the library', words: 'Mondays', phone: '0117 496 0000', url: null }));
    let link = '';
    await withPage(served, {}, async ({ page, complaints }) => {
      const seen: string[] = [];
      page.on('request', (request) => seen.push(request.url(), request.headers().referer ?? ''));
      await page.goto(`/f/${served.fund.slug}`);
      await page.getByRole('link', { name: 'Ask for up to' }).first().click();
      expect(await heading(page).innerText()).toBe('Ask for up to £200');
      for (const words of ['not “public funds”', 'A voucher is not counted as income.', 'answer by', 'Advice at the library']) expect(await page.getByText(words).first().isVisible()).toBe(true);
      await shoot(page, 'ask');

      await answer(page, { amount: '250', contact: newNumber() });
      await press(page, 'Send');
      await expect.poll(() => page.getByRole('alert').filter({ visible: true }).allInnerTexts()).toEqual(['That is more than one person can have. Write £200 or less.']);
      expect(await page.getByLabel('What shall we call you?').inputValue()).toBe('Sam');
      await expectAccessible(page);
      await page.getByLabel('How much?').fill('40');
      await press(page, 'Send');
      await page.waitForURL('**/asked');
      expect(await heading(page).innerText()).toBe('Your request has arrived.');
      await expectAccessible(page);
      await shoot(page, 'asked');
      const id = await approve(round);
      await page.reload();
      expect(await heading(page).innerText()).toBe('Yes: £40 is yours.');
      await must(served.fund.people.administrator.post(`/funds/${served.fund.slug}/requests/${id}/payment`));
      await page.reload();
      expect(await page.locator('#payment').innerText()).toContain('£40');
      expect(await page.locator('section .code').first().innerText()).toMatch(/^[0-9A-Z]{3,4}(-[0-9A-Z]{3,4})+$/);
      await expectAccessible(page);
      await shoot(page, 'asked-yes');
      await page.getByText('Your private link').click();
      link = await page.locator('.link').innerText();
      expect(link).toMatch(/\/asked\/[A-Za-z0-9_-]{22}$/);
      expect(seen.join(' ')).not.toContain(link.slice(-22));
      await press(page, 'Forget it on this phone');
      expect(await heading(page).innerText()).toBe('This phone knows of no request.');
      expect(complaints.filter((each) => !each.includes('409'))).toEqual([]);
    });
    await withPage(served, {}, async ({ page }) => {
      const referers: string[] = [];
      page.on('request', (request) => referers.push(request.headers().referer ?? ''));
      await page.goto(link);
      expect(new URL(page.url()).pathname).toBe(`/f/${served.fund.slug}/asked`);
      expect(await heading(page).innerText()).toBe('Yes: £40 is yours.');
      expect(await page.evaluate('document.referrer + history.length')).not.toContain(link.slice(-22));
      await page.goto(`/f/${served.fund.slug}`);
      expect(referers.join(' ')).not.toContain(link.slice(-22));
    });
  });

  it('without a script, and takes it back in one tap', async () => {
    const round = await openGrants(served.fund, { charter: { householdCapMinor: 300_00 } });
    await withPage(served, { javascript: false }, async ({ page }) => {
      await page.goto(askPath(round));
      await expectReadable(served, page);
      await answer(page, { amount: '12,50', contact: 'sam@example.org' });
      await press(page, 'Send');
      expect(await page.getByRole('link', { name: 'Write your address, or ask below to be treated apart.' }).isVisible()).toBe(true);
      expect(await page.getByLabel('How much?').inputValue()).toBe('12,50');
      await page.getByLabel('Treat me apart from others at my address').check();
      await press(page, 'Send');
      await page.waitForURL('**/asked');
      expect(await page.getByText('£12.50').isVisible()).toBe(true);
      expect(await page.getByText('Two people at the fund decide').isVisible()).toBe(true);
      await press(page, 'Take it back');
      expect(await heading(page).innerText()).toBe('You took your request back.');
      await expectReadable(served, page);
    });
    expect(await requests(round)).toBe(1);
    expect(await queue(served.fund, round)).toEqual([]);
  });
});

describe('a number that was given something', () => {
  it('says “not before” only on the page that its own message opens; whoever asks sees what everybody sees', async () => {
    const round = await openGrants(served.fund, { charter: { cooldownDays: 20 } });
    const number = newNumber();
    await must(ask(served, round, { number }));
    await approve(round);
    let own = '';
    await withPage(served, { javascript: false }, async ({ page }) => {
      await page.goto(askPath(round));
      await answer(page, { amount: '40', contact: number });
      await press(page, 'Send');
      await page.waitForURL('**/asked');
      expect(await heading(page).innerText()).toBe('Your request has arrived.');
      expect(await page.content()).not.toContain('Not before');
      await press(page, 'Send me the message');
      await page.getByText('It is on its way').waitFor();
      own = (await messagesOf(served)).at(-1)?.body.match(/\/f\/\S+\/asked\/[\w-]{22}/)?.[0] ?? '';
      await expectReadable(served, page);
    });
    await withPage(served, { javascript: false }, async ({ page }) => {
      await page.goto(own);
      expect(await heading(page).innerText()).toMatch(/^Not before \d+ \w+/);
      await expectReadable(served, page);
      await shoot(page, 'asked-held');
    });
  });
});

describe('a line that dies after Send', () => {
  it.each([true, false])('pressed again, it is one request (script: %s)', async (javascript) => {
    const round = await openGrants(served.fund);
    await withPage(served, { javascript }, async ({ page }) => {
      await page.goto(askPath(round));
      await answer(page, { amount: '40', contact: newNumber() });
      // It arrives, and the answer does not.
      await page.route(SENT, async (route) => {
        await route.fetch({ maxRedirects: 0 });
        await route.abort('connectionreset');
      });
      await page.getByRole('button', { name: 'Send', exact: true }).click({ noWaitAfter: true });
      if (javascript) await expect.poll(() => page.getByText('The line died.').isVisible()).toBe(true);
      else await expect.poll(() => requests(round)).toBe(1);
      await page.unroute(SENT);
      if (!javascript) await page.goBack();
      expect(await page.getByLabel('What shall we call you?').inputValue()).toBe('Sam');
      await shoot(page, `ask-died-${javascript}`);
      await press(page, 'Send');
      await page.waitForURL('**/asked');
      expect(await heading(page).innerText()).toBe('Your request has arrived.');
    });
    expect(await requests(round)).toBe(1);
  });
});
