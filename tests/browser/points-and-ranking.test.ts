/** Points and rankings on a phone: with a script by button, key and live region; without one by numbers; the same ballot comes of both. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBox, readBallotBytes, readRecord, roundKeys, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { closeBrowser, expectAccessible, shoot, withPage } from '../lib/browser.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import type { VotingRound } from '../votes/voting-round.ts';
import { draftRound, move, must } from '../rounds/set-up.ts';
import { atBallot, ballotsOf, BENCHES, BIKES, BOXING, choice, enter, expectReadable, heading, pick, picked, press, WARM } from './voter.ts';

let served: Served;
beforeAll(async () => void (served = await serveWorld()));
afterAll(async () => {
  await closeBrowser();
  await served.close();
});

/** The lines of the one ballot in the box, as the key opens it. */
async function linesIn(round: VotingRound) {
  const bytes = uuidBytes(round.id);
  const keys = roundKeys((await served.app.services.keys.read(round.id)) as Buffer, bytes);
  const { rows: [row] } = await served.superuser('select slot, box from ballot_open where round_id = $1', [round.id]);
  return readBallotBytes(readRecord(openBox(keys, bytes, row.slot, row.box)).ballot).lines;
}

const field = (page: Page, title: string) => choice(page, title).getByRole('spinbutton');
const bar = (page: Page) => page.locator('.bar [data-bar=strong]').innerText();
const said = (page: Page) => expect.poll(() => page.locator('[data-status]').innerText(), { timeout: 5000 });

/** A round in which Kiln has £5,000 of its own and Lock £2,000, beside £13,000 for everybody; one code, for Kiln. */
async function openAreas(world: Served): Promise<VotingRound> {
  const { administrator } = world.fund.people;
  const round = await draftRound(world, { credentials: ['code'] });
  const { projects } = await must(administrator.get(`${round.path}/projects`));
  for (const [index, title] of [WARM, BENCHES].entries()) await must(administrator.send('PUT', `${round.path}/projects/${projects[index].id}`, { title }));
  await must(administrator.post(`${round.path}/projects/bulk`, { projects: [['Kiln garden', 300_000, 'Kiln'], ['Kiln lights', 300_000, 'Kiln'], ['Lock path', 100_000, 'Lock']]
    .map(([title, costMinor, area]) => ({ title, costMinor, area, delivererName: 'Street Friends' })) }));
  await must(administrator.send('PUT', `${round.path}/areas`, { areas: [{ area: 'Kiln', budgetMinor: 500_000, potId: null }, { area: 'Lock', budgetMinor: 200_000, potId: null }], wholeMinor: 1_300_000, unspent: 'goes-to-whole' }));
  const { codes } = await must(administrator.post(`${round.path}/codes`, { count: 1, area: 'Kiln' }));
  await move(world, round, 'notice', 'voting');
  return { path: round.path, id: round.id, codes: [codes[0].code] };
}

async function cast(page: Page, round: VotingRound): Promise<void> {
  await press(page, 'Cast your ballot');
  await expect.poll(() => heading(page).innerText()).toBe('Your ballot is in.');
  expect(await ballotsOf(served, round)).toEqual({ current: 1, replaced: 0 });
}

describe('points', () => {
  const form = { kind: 'points', total: 10, most: 5 };

  it('by plus and minus, the rest in sight and said; kept over a reload', () => atBallot(served, { form }, async (page, round) => {
    expect(await bar(page)).toBe('10 points left');
    const more = page.getByRole('button', { name: `One point more for ${WARM}` });
    for (let press = 0; press < 7; press += 1) await more.press('Enter');
    expect(await field(page, WARM).inputValue()).toBe('5');
    expect(await more.getAttribute('aria-disabled')).toBe('true');
    await field(page, BIKES).fill('4');
    expect(await bar(page)).toBe('1 point left');
    await field(page, BIKES).press('Tab');
    await said(page).toContain('1 point left');
    await page.getByRole('button', { name: `One point more for ${BIKES}` }).press('Enter');
    await page.getByRole('button', { name: `One point more for ${BOXING}` }).press('Enter');
    await said(page).toContain('It can have no more points.');
    await page.getByRole('button', { name: `One point fewer for ${WARM}` }).press(' ');
    await said(page).toBe(`${WARM}: 4 points. 1 point left of 10 on 2 projects`);
    await expectAccessible(page);
    await shoot(page, 'points');
    await page.reload();
    expect([await field(page, WARM).inputValue(), await field(page, BIKES).inputValue(), await field(page, BOXING).inputValue()]).toEqual(['4', '5', '']);
    await field(page, BENCHES).fill('3');
    await press(page, 'Check your ballot');
    expect(await page.getByRole('alert').filter({ hasText: '2 points more than you have' }).first().isVisible()).toBe(true);
    await field(page, BENCHES).fill('');
    await press(page, 'Check your ballot');
    expect(await page.locator('[data-lines]:visible').innerText()).toContain('4 points');
    await expectAccessible(page);
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '1', points: 4 }, { project: '3', points: 5 }]);
  }));

  it('by numbers, without a script', () => atBallot(served, { form, javascript: false }, async (page, round) => {
    await field(page, WARM).fill('5');
    await field(page, BIKES).fill('5');
    await field(page, BOXING).fill('2');
    await press(page, 'Check your ballot');
    expect(await page.getByRole('alert').first().innerText()).toContain('2 points more than you have');
    expect(await field(page, BIKES).inputValue()).toBe('5');
    await expectReadable(served, page);
    await field(page, BOXING).fill('0');
    await press(page, 'Check your ballot');
    await press(page, 'Change something');
    expect(await field(page, WARM).inputValue()).toBe('5');
    await press(page, 'Check your ballot');
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '1', points: 5 }, { project: '3', points: 5 }]);
  }));

  it('a score for each', () => atBallot(served, { form: { kind: 'scores', most: 3 } }, async (page, round) => {
    for (const title of [WARM, BENCHES, BIKES]) await page.getByRole('button', { name: `One point more for ${title}` }).click();
    await field(page, BOXING).fill('3');
    await press(page, 'Check your ballot');
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '1', points: 1 }, { project: '2', points: 1 }, { project: '3', points: 1 }, { project: '4', points: 3 }]);
  }));
});

describe('a ranking', () => {
  const form = { kind: 'ranking', k: 3 };
  const list = (page: Page) => page.locator('[data-ranking] li > span:first-child').allInnerTexts();

  it('by add, up and down, by keyboard, the focus kept and each move said', () => atBallot(served, { form }, async (page, round) => {
    for (const title of [WARM, BENCHES, BIKES]) await page.getByRole('button', { name: `Add to your list: ${title}` }).press('Enter');
    expect(await bar(page)).toBe('3 of 3 chosen');
    await page.getByRole('button', { name: `Add to your list: ${BOXING}` }).click();
    await said(page).toContain('You have chosen 3 already');
    const up = page.getByRole('button', { name: `Move up: ${BIKES}` });
    await up.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await list(page)).toEqual([BIKES, WARM, BENCHES]);
    await said(page).toContain(`${BIKES} is now number 1.`);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(`Move up: ${BIKES}`);
    await expectAccessible(page);
    await shoot(page, 'ranking');
    await page.getByRole('button', { name: `Take off ${WARM}` }).click();
    await page.getByRole('button', { name: `Add to your list: ${BOXING}` }).click();
    await page.reload();
    expect(await list(page)).toEqual([BIKES, BENCHES, BOXING]);
    await press(page, 'Check your ballot');
    expect(await page.locator('[data-lines]:visible li span').allInnerTexts()).toEqual([`1. ${BIKES}`, `2. ${BENCHES}`, `3. ${BOXING}`]);
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '3' }, { project: '2' }, { project: '4' }]);
  }));

  it('by numbers, without a script; two with one number are asked about', () => atBallot(served, { form, javascript: false }, async (page, round) => {
    await field(page, BOXING).fill('1');
    await field(page, WARM).fill('2');
    await field(page, BIKES).fill('2');
    await press(page, 'Check your ballot');
    expect(await page.getByRole('alert').first().innerText()).toContain('Two projects have the same number.');
    expect([await field(page, BOXING).inputValue(), await field(page, WARM).inputValue(), await field(page, BIKES).inputValue()]).toEqual(['1', '2', '3']);
    await expectReadable(served, page);
    await press(page, 'Check your ballot');
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '4' }, { project: '1' }, { project: '3' }]);
  }));
});

describe.each([['with', true], ['without', false]] as const)('a ballot of two parts, %s a script', (_name, javascript) => {
  it('is one for the area and one for everybody', () => withPage(served, { javascript }, async ({ page, complaints }) => {
    const round = await openAreas(served);
    await enter(page, round, 0);
    expect(await heading(page).innerText()).toBe('What should be done in Kiln, and what for everybody?');
    expect(await page.locator('h2.part').allInnerTexts()).toEqual(['Your area, Kiln: £5,000', 'For everybody: £13,000']);
    expect((await page.locator('.project h2').allInnerTexts()).sort()).toEqual([BENCHES, 'Kiln garden', 'Kiln lights', WARM].sort());
    for (const title of ['Kiln garden', BENCHES]) await pick(page, title);
    if (javascript) {
      expect(await page.locator('.bar .sum').innerText()).toMatch(/Kiln: £2,000 left\s+For everybody: £8,000 left/);
      expect(await choice(page, 'Kiln lights').locator('.why').innerText()).toBe('£1,000 more than you have left');
      await page.reload();
      expect(await picked(page)).toEqual([BENCHES, 'Kiln garden']);
    }
    await (javascript ? expectAccessible(page) : expectReadable(served, page));
    await shoot(page, `parts-${javascript}`);
    if (!javascript) {
      await pick(page, 'Kiln lights');
      await press(page, 'Check your ballot');
      expect(await page.getByRole('alert').first().innerText()).toContain('Kiln: Your choices cost £1,000 more than there is.');
      await pick(page, 'Kiln lights');
    }
    await press(page, 'Check your ballot');
    expect(await page.locator('[data-words=remainder]:visible').innerText()).toContain('Kiln: You leave £2,000');
    await cast(page, round);
    expect(await linesIn(round)).toEqual([{ project: '2' }, { project: '3' }]);
    expect(complaints).toEqual([]);
  }));
});
