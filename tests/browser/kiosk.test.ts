/** A tablet that strangers share: the ballot and nothing else, and nothing of one person is there for the next. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, expectAccessible, findSmallTargets, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { openVoting } from '../votes/voting-round.ts';
import { address, ballotsOf, BIKES, choice, enter, heading, press, WARM } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const FINISH = 'Finish, and clear the tablet for the next person';
const tick = (page: Page, title: string) => choice(page, title).getByRole('checkbox').check({ force: true });
const pathOf = (page: Page) => new URL(page.url()).pathname;
const cookieNames = async (page: Page) => (await page.context().cookies()).map((each) => each.name).sort();
/** What a browser keeps beside cookies. */
const stores = (page: Page): Promise<unknown> => page.evaluate(`(async () => ({ local: Object.keys(localStorage), session: Object.keys(sessionStorage), caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }))()`);
const NOTHING = { local: [], session: [], caches: [], workers: 0 };

describe('letters with codes', () => {
  it('are handed over once, in the language chosen, and their codes open the ballot', () => withPage(served, { as: served.fund.people.administrator2 }, async ({ page }) => {
    const round = await openVoting(served, { codes: 1 });
    const post = (form: Record<string, string>) => page.request.post(`${served.url}${address(round).replace('/f/', '/admin/')}/codes/letters.pdf`, { form, headers: { origin: served.url }, maxRedirects: 0 });
    const letters = await post({ count: '2', help: '0117 496 0000', language: 'pl' });
    expect([letters.status(), letters.headers()['content-type'], letters.headers()['cache-control']]).toEqual([200, 'application/pdf', 'private, no-store']);
    const pdf = (await letters.body()).toString('latin1');
    expect([pdf.match(/\/Type \/Page\b/g)?.length, pdf.includes('/Lang (pl)')]).toEqual([2, true]);
    const codes = [...pdf.matchAll(/\/ActualText \((\w{4}-\w{4}-\w{4})\)/g)].map(([, code = '']) => code);
    for (const code of codes) expect((await served.visitor().post(`${round.path}/enter-code`, { code })).status).toBe(200);
    expect(codes).toHaveLength(2);
    // The box with these letters is lost: their codes die with the new letters, and the same page pressed again finds nothing more.
    const again = await post({ batch: '2', help: '0117 496 0000', language: 'en' });
    expect((await again.body()).toString('latin1').match(/\/ActualText \(\w{4}-\w{4}-\w{4}\)/g)).toHaveLength(2);
    for (const code of codes) expect((await served.visitor().post(`${round.path}/enter-code`, { code })).status).toBe(401);
    expect((await post({ batch: '2', help: '0117 496 0000', language: 'en' })).headers().location).toContain('?refused=not-found');
    // Without somebody to ask, no codes are made.
    const refused = await post({ count: '2', help: '', language: 'en' });
    expect([refused.status(), refused.headers().location]).toEqual([303, `${address(round).replace('/f/', '/admin/')}/codes?refused=wrong-shape`]);
    expect((await served.superuser('select count(*)::int as n from elector_code where round_id = $1', [round.id])).rows[0].n).toBe(3);
  }));
});

describe('a voting tablet', () => {
  it('takes two people’s ballots, one after the other, and keeps nothing of the first for the second', () => withPage(served, { as: served.fund.people.administrator, viewport: { width: 1024, height: 768 } }, async ({ page, complaints }) => {
    const round = await openVoting(served, { codes: 4 });
    const { administrator, administrator2 } = served.fund.people;
    await administrator.post(`${round.path}/hall-order`, { how: 'Three dice in the hall' });
    for (const by of [administrator, administrator2]) await by.post(`${round.path}/hall-order/draw`, { drawn: '3 5 1' });
    const { drawn } = (await administrator.get(`${round.path}/hall-order`)).body;
    const desk = `${address(round).replace('/f/', '/admin/')}/tablets`;
    await page.goto(desk);
    await page.getByLabel('Which tablet is this?').fill('Library');
    await press(page, 'Make this a voting tablet');
    await page.waitForURL('**/vote');
    expect((await cookieNames(page)).filter((name) => name.startsWith('__Host-'))).toEqual(['__Host-kiosk']);
    // Whoever set it up is nobody here any more, and no address leads out of the ballot.
    for (const path of [desk, '/you', address(round), '/']) {
      await page.goto(path);
      expect(pathOf(page)).toBe(`${address(round)}/vote`);
    }
    await expectAccessible(page);
    await shoot(page, 'kiosk-code');

    await enter(page, round, 0);
    const ballot = await page.request.get(page.url());
    expect([ballot.headers()['cache-control'], ballot.headers()['refresh']]).toEqual(['no-store', `300;url=${address(round)}/vote`]);
    expect(await page.locator('script, main a').count()).toBe(0);
    // In the order that was drawn for the hall.
    expect(await page.locator('.project input').evaluateAll((all: any[]) => all.map((each) => each.value))).toEqual(drawn.order);
    expect([await findSmallTargets(page), await widthOf(page)]).toEqual([[], 1024]);
    await tick(page, WARM);
    await shoot(page, 'kiosk-ballot');
    await press(page, 'Check your ballot');
    await expectAccessible(page);
    await press(page, 'Cast your ballot');
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
    await shoot(page, 'kiosk-receipt');
    expect(await stores(page)).toEqual(NOTHING);
    const first = await page.content();
    await press(page, FINISH);
    expect(pathOf(page)).toBe(`${address(round)}/vote`);
    expect((await cookieNames(page)).filter((name) => !['__Host-kiosk', 'turn'].includes(name))).toEqual([]);

    // The way back leads to nothing: neither before the next person types a code, nor after.
    const seesNothing = async () => {
      await page.waitForLoadState();
      await expect.poll(() => page.content().catch(() => 'Your ballot is in.')).not.toContain('Your ballot is in.');
      expect(await page.locator('.project :checked').count()).toBe(0);
    };
    await page.goBack().catch(() => null);
    await page.reload().catch(() => null);
    await seesNothing();
    await enter(page, round, 1);
    await seesNothing();
    // What the browser would send again out of its history belongs to an earlier turn, and is not even looked at.
    const salt = /name="salt"[^>]*value="(\w+)"/.exec(first)?.[1] ?? 'a'.repeat(64);
    const again = await page.request.post(`${served.url}${address(round)}/vote/ballot?/check`, { form: { turn: 'of-the-first', salt, project: '1' }, headers: { origin: served.url }, maxRedirects: 0 });
    expect([again.status(), again.headers().location]).toEqual([303, `${address(round)}/vote/ballot`]);
    await tick(page, BIKES);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    expect(await heading(page).innerText()).toBe('Your ballot is in.');
    expect(await ballotsOf(served, round)).toEqual({ current: 2, replaced: 0 });
    expect(complaints.filter((each) => !each.includes('Failed to load resource'))).toEqual([]);

    // Ended from another device: an ordinary browser, in which nobody is signed in.
    const { administrator2: other } = served.fund.people;
    const [kiosk] = (await other.get(`${round.path}/kiosks`)).body.kiosks;
    expect((await other.post(`${round.path}/kiosks/${kiosk.id}/end`)).status).toBe(200);
    await page.goto(`${address(round)}/vote`);
    expect(pathOf(page)).toBe(address(round));
    expect(await cookieNames(page)).not.toContain('__Host-kiosk');
    await page.goto('/you');
    expect(pathOf(page)).toBe('/sign-in');
  }));
});
