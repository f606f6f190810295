/** One idea, from a phone to a bench: sent with a photo, joined, answered, replied to, voted on, paid in two parts, delivered. Every step on the page where a person takes it. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { links } from '../../web/src/lib/links.ts';
import { photo, SECRET } from '../delivery/photo.ts';
import { closeBrowser, DESK, expectAccessible, findSmallTargets, PHONE, shoot, widthOf, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import type { PersonName, Visitor } from '../lib/world.ts';
import { gather, neighbour, send, type Gathering } from '../proposals/gathering.ts';
import { must } from '../rounds/set-up.ts';
import { sealServed } from '../votes/voting-round.ts';
import { pick, press } from './voter.ts';

let served: Served;
let round: Gathering;
let fund: string;
beforeAll(async () => {
  served = await serveWorld();
  fund = served.fund.slug;
  round = await gather(served, { title: 'Kiln Street, spring', objectionDays: 0 });
});
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

const TITLE = 'Benches on Kiln Street';
const shows = (page: Page, text: string | RegExp) => expect.poll(() => page.getByText(text).first().isVisible().catch(() => false), { timeout: 10_000 }).toBe(true);
const later = () => served.clock.forward(7);
/** A person of the fund at a desk, without script. */
const at = (person: PersonName, path: string, work: (page: Page) => Promise<void>) => withPage(served, { as: served.fund.people[person], javascript: false }, async ({ page }) => {
  later();
  await page.goto(path);
  await work(page);
});
/** Moves the round on by hand, as its administrator does. */
const moveOn = (button: string) => at('administrator', links.adminRound(fund, round.slug, 'move'), async (page) => {
  const reason = page.getByRole('textbox');
  await reason.fill('The meeting agreed to go on.');
  await press(page, button);
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
  expect(new URL(page.url()).pathname).toBe(links.adminRound(fund, round.slug));
});
const codeSent = async () => (await served.visitor().get('/demonstration/messages')).body.messages[0] as { recipient: string; body: string };
async function signIn(address: string): Promise<string> {
  await expect.poll(async () => (await codeSent())?.recipient).toBe(address);
  return (await codeSent()).body.match(/\d{6}/)?.[0] as string;
}
const choosePhoto = (page: Page, label: string, bytes: Buffer) => page.getByLabel(label, { exact: true }).setInputFiles({ name: 'IMG_0042.HEIC', mimeType: 'image/heic', buffer: bytes });
const picturesReady = () => expect.poll(async () => (await served.superuser(`select count(*)::int as n from picture where state = 'waiting'`)).rows[0].n, { timeout: 20_000 }).toBe(0);

const CORNER = 'The corner by the bakery, with nowhere to sit';
async function addPhoto(page: Page, bytes: Buffer): Promise<void> {
  await choosePhoto(page, 'Photo', bytes);
  await page.getByLabel('What does it show?').fill(CORNER);
  await press(page, 'Add this photo');
}

/** The idea's number. */
let idea = 0;
/** Amina's browser: her cookies, from one step to the next. */
let amina: Visitor;

it('an idea is typed on a phone, without an account, and a photo is added to it', async () => {
  await withPage(served, { javascript: false }, async ({ page }) => {
    await page.goto(links.newIdea(fund, round.slug));
    await page.getByLabel('Your idea in a few words').fill(TITLE);
    await page.getByLabel('What is it, and why is it needed?').fill('My father cannot walk to the shop without sitting down.');
    await press(page, 'Next');
    await press(page, 'Next');
    await page.getByLabel('Your name', { exact: true }).fill('Amina Yusuf');
    await page.getByLabel('Show my name').check();
    await press(page, 'Send my idea');
    await page.getByLabel('email address').fill('amina@example.org');
    await press(page, 'Send me a code');
    await page.getByLabel('Which code did you get?').fill(await signIn('amina@example.org'));
    await press(page, 'Send my idea');
    idea = Number(new URL(page.url()).searchParams.get('sent'));
    await page.getByRole('link', { name: 'Add a photo' }).click();
    await addPhoto(page, await photo(1400, 1050));
    await shows(page, 'The photo is in.');
    await picturesReady();
    await page.goto(links.idea(fund, round.slug, idea));
    await expect.poll(() => page.getByRole('img', { name: 'The corner by the bakery' }).evaluate((img: any) => img.complete && img.naturalWidth > 0)).toBe(true);
    await shoot(page, 'way-idea');
    amina = served.visitor();
    for (const { name, value } of await page.context().cookies()) amina.cookies.set(name, value);
  });
});

it('a file that is no photo, or too large a one, comes back with what to do', async () => {
  await withPage(served, { as: amina, javascript: false }, async ({ page }) => {
    await page.goto(links.changeIdea(fund, round.slug, idea));
    await addPhoto(page, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
    expect(await page.getByRole('alert').innerText()).toContain('not a JPEG, PNG or WebP picture');
    expect(await page.getByLabel('What does it show?').inputValue()).toBe(CORNER);
    await addPhoto(page, Buffer.alloc(11 * 1024 * 1024));
    expect(await page.getByRole('alert').innerText()).toContain('larger than 10 MB');
  });
});

it('it is joined with another, answered by a reviewer, replied to, and put on the ballot', async () => {
  await send(await neighbour(served), round, 'Somewhere to sit by the shops', { name: 'Joseph O’Neill', showName: true });
  await moveOn('Start reviewing ideas');
  await at('reviewer', links.adminIdeas(fund, round.slug), async (desk) => {
    for (const title of [TITLE, 'Somewhere to sit by the shops']) await desk.getByLabel(title).check();
    await desk.getByLabel('Which one answers for all?').fill(String(idea));
    await press(desk, 'Join the ticked ideas');
    await desk.goto(links.reviewIdea(fund, round.slug, idea));
    await desk.getByLabel('Yes', { exact: true }).check();
    await desk.getByLabel('Why?').fill('There is room by the bakery.');
    await desk.getByLabel('As whom do you speak?').first().fill('Parks team');
    await desk.getByLabel('What it costs').fill('£4,000');
    await desk.getByLabel('What that pays for').fill('Two benches and their footings.');
    await desk.getByLabel('Included in the cost').check();
    await desk.getByLabel('Who would do it and be paid').fill('Kiln Street Friends');
    await desk.getByLabel('Who looks after it later').fill('The parks team');
    await press(desk, 'Publish this answer');
    await shows(desk, 'Every idea has an answer');
  });
  later();
  await withPage(served, { as: amina, javascript: false }, async ({ page }) => {
    await page.goto(links.idea(fund, round.slug, idea));
    const reply = page.locator('form[action="?/reply"]');
    await reply.getByRole('textbox').fill('Thank you. Please with arm rests.');
    await reply.getByRole('button').click();
    await shows(page, 'Please with arm rests.');
  });

  await at('administrator', links.reviewIdea(fund, round.slug, idea), async (page) => {
    await press(page, 'Put it on the ballot');
    await shows(page, 'It is on the ballot as project 1');
  });
  await moveOn('Publish the ballot');
});

it('it is voted on, and wins', async () => {
  await moveOn('Open voting now');
  later();
  await withPage(served, { javascript: false }, async ({ page }) => {
    await page.goto(`${links.vote(fund, round.slug)}`);
    await page.getByRole('link', { name: 'Sign in with a code we send' }).click();
    await page.getByLabel('Your email address').fill('voter@example.org');
    await press(page, 'Send me a code');
    await page.getByRole('textbox').fill(await signIn('voter@example.org'));
    await press(page, 'Sign in');
    await press(page, 'Go to your ballot');
    await pick(page, TITLE);
    await press(page, 'Check your ballot');
    await press(page, 'Cast your ballot');
    await shows(page, 'Your ballot is in.');
  });
  await moveOn('Close voting now');
  await sealServed(served, round.slug);
  await moveOn('Publish the result');
});

it('it is paid in two parts, each confirmed by a second person', async () => {
  const { awards } = await must(served.fund.people.administrator.get(`/funds/${fund}/awards`));
  const award = links.adminAward(fund, awards[0].id);
  await at('administrator', award, async (page) => {
    const parts = [['Ordering the benches', '£1,500'], ['Setting them up', '£2,500']] as const;
    for (const [index, [title, amount]] of parts.entries()) {
      await page.getByLabel('What it is for').nth(index).fill(title);
      await page.getByLabel('Amount').nth(index).fill(amount);
    }
    await press(page, 'Keep this plan');
  });
  for (const [index, words] of ['The benches are chosen and can be ordered.', 'The footings are in, the benches came.'].entries()) {
    const amount = ['£1,500', '£2,500'][index] as string;
    await at('administrator', award, async (page) => {
      await page.getByLabel('What should everybody know').filter({ visible: true }).first().fill(words);
      await page.getByRole('button', { name: 'Publish', exact: true }).filter({ visible: true }).first().click();
      await page.getByLabel('Reference on the bank transfer').fill(`BACS ${index + 1}`);
      await press(page, 'Record the bank transfer');
      // Whoever ordered it does not confirm it.
      expect(await page.getByRole('button', { name: 'Confirm that it was paid' }).count()).toBe(0);
    });
    await at('administrator2', award, async (page) => {
      await page.getByLabel('How much left the bank?').fill(amount);
      await press(page, 'Confirm that it was paid');
      await expect.poll(() => page.getByRole('button', { name: 'Confirm that it was paid' }).count()).toBe(0);
    });
  }

});

it('it is delivered, with a photo', async () => {
  await at('administrator', links.adminRound(fund, round.slug), async (page) => {
    await page.getByRole('link', { name: 'See how the projects come along' }).click();
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByLabel('What will be done?').fill('Both benches stand');
    await page.getByLabel('By when?').fill(new Date(served.clock.now.getTime() + 30 * 86_400_000).toISOString().slice(0, 10));
    await press(page, 'Promise this step');
    // Whoever delivers it tells news by a link of their own, once, on another phone and without a script.
    await press(page, 'Make a link');
    const link = (await page.locator('.link').innerText()).trim();
    await withPage(served, { javascript: false }, async ({ page: theirs }) => {
      await theirs.goto(link);
      expect(new URL(theirs.url()).pathname).toBe(links.deliver(fund, round.slug));
      await theirs.getByLabel('What do you tell people?').fill('The footings are dug.');
      await press(theirs, 'Publish it now');
      await shows(theirs, 'It is published');
      expect(theirs.url()).not.toContain(link.split('/').at(-1));
      await theirs.goto(links.project(fund, round.slug, '1'));
      expect(await theirs.locator('#way').innerText()).toContain('The footings are dug.\n');
    });
    // A delay without a reason is none, and nobody types their words again.
    await page.getByLabel('A step is delayed').check();
    await page.getByLabel('Which step is it about?').selectOption({ label: 'Both benches stand' });
    await page.getByLabel('What do you tell people?').fill('The benches stand, and people sit on them.');
    await press(page, 'Publish it now');
    expect(await page.getByRole('alert').innerText()).toContain('a delay needs a reason and a new day');
    expect(await page.getByLabel('What do you tell people?').inputValue()).toContain('people sit on them');
    await page.getByLabel('A step is done').check();
    await page.getByText('Photos, up to three').click();
    await choosePhoto(page, 'Photo 1', await photo(1200, 900, 90));
    await page.getByLabel('What does photo 1 show?').fill('Two people on the new bench');
    await press(page, 'Publish it now');
    await shows(page, 'It is published');
    await shoot(page, 'way-desk');
  });
  await picturesReady();
});

it('its page tells the whole way, in its order, without script and with', async () => {
  await withPage(served, { javascript: false }, async ({ page }) => {
    await page.goto(links.project(fund, round.slug, '1'));
    const way = page.locator('#way');
    const titles = await way.getByRole('heading', { level: 3 }).allInnerTexts();
    expect(titles).toEqual([
      'Where it began: Ideas by Amina Yusuf and Joseph O’Neill', 'Parks team answered: Yes, this can be done.', 'Amina Yusuf replied', 'The ballot was published, with this as project 1', 'Voting began',
      'Voting closed and the ballots were counted', 'It was chosen', '£1,500 was paid for: Ordering the benches', '£2,500 was paid for: Setting them up', 'News', 'Done: Both benches stand',
    ]);
    expect(await way.getByRole('heading', { level: 2 }).innerText()).toBe('Delivered: every promised step is done');
    expect(await way.innerText()).toContain('Please with arm rests.');
    for (const words of ['The corner by the bakery', 'Two people on the new bench']) {
      const img = way.getByRole('img', { name: words });
      await img.scrollIntoViewIfNeeded();
      await expect.poll(() => img.evaluate((each: any) => each.complete && each.naturalWidth > 0)).toBe(true);
      expect(await img.evaluate((each: any) => each.currentSrc)).toMatch(/\.avif$/);
    }
    expect((await page.content()).match(/<script\b/g)).toBeNull();
  });
  await withPage(served, {}, async ({ page, complaints }) => {
    await page.goto(links.project(fund, round.slug, '1'));
    await expectAccessible(page);
    expect(await findSmallTargets(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await widthOf(page)).toBeLessThanOrEqual(320);
    for (const [viewport, colorScheme] of [[PHONE, 'light'], [PHONE, 'dark'], [DESK, 'light']] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await shoot(page, `way-${viewport.width}-${colorScheme}`);
    }
    expect(complaints).toEqual([]);
  });
});

it('no byte that is stored, and none that is served, says where or with what a photo was taken', async () => {
  const { rows } = await served.superuser(`select p.id, f.size, f.format, f.bytes from picture p join picture_file f on f.fund_id = p.fund_id and f.picture_id = p.id`);
  expect(new Set(rows.map((row) => row.id)).size).toBe(2);
  expect((await served.superuser('select count(*)::int as n from picture_original')).rows[0].n).toBe(0);
  for (const { id, size, format, bytes } of rows) {
    const answer = await fetch(`${served.url}${links.picture(fund, id, size, format)}`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const sent = Buffer.from(await answer.arrayBuffer());
    expect(sent.equals(bytes)).toBe(true);
    for (const secret of [SECRET, 'xmpmeta']) expect(sent.includes(secret)).toBe(false);
    expect((await sharp(sent).metadata()).exif).toBeUndefined();
  }
});
