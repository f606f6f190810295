/** Whoever arrives by a poster, a message or a link finds something to do, in every phase and signed out; and what they were sent looks right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWorld, type Served } from '../lib/served.ts';
import { gather, moveTo, neighbour, send, yes, type Gathering } from '../proposals/gathering.ts';
import { must } from '../rounds/set-up.ts';
import { sealServed } from '../votes/voting-round.ts';

let served: Served;
let round: Gathering;
beforeAll(async () => {
  served = await serveWorld();
  round = await gather(served, { title: 'Autumn & “more”', objectionDays: 0 });
});
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.url}${path}`, { redirect: 'manual', headers });
const short = () => `/r/${served.fund.slug}/${round.slug}`;
const at = () => `/f/${served.fund.slug}/rounds/${round.slug}`;

/** Where a short link leads a stranger, after all redirections; the page must be there and offer a step. */
async function land(path: string): Promise<string> {
  const first = await get(path);
  expect(first.status).toBe(303);
  expect(first.headers.get('cache-control')).toContain('no-store');
  const last = await fetch(new URL(first.headers.get('location') ?? '', served.url));
  expect(last.status).toBe(200);
  expect(await last.text()).toMatch(/class="[^"]*button|type="submit"|<form/);
  return decodeURIComponent(first.headers.get('location') ?? '');
}

describe('a short link', () => {
  it('leads to the one step that is open, in each phase, and never to a dead end', async () => {
    const { administrator, reviewer } = served.fund.people;
    await send(await neighbour(served), round, 'Benches');
    expect(await land(short())).toBe(`${at()}/ideas/new`);
    await moveTo(served, round, 'review');
    expect(await land(short())).toBe(`${at()}/ideas`);
    expect(await land(`${short()}/1`)).toBe(`${at()}/ideas`);
    await must(reviewer.post(`${round.path}/ideas/1/review`, yes()));
    const { project } = await must(administrator.post(`${round.path}/ideas/1/project`, { version: 1 }));
    await moveTo(served, round, 'notice');
    expect(await land(short())).toBe(at());
    expect(await land(`${short()}/${project}`)).toBe(`${at()}/projects/${project}`);
    await moveTo(served, round, 'voting');
    expect(await land(short())).toBe(`${at()}/vote`);
    expect(await land(`${short()}/${project}`)).toBe(`${at()}/vote#project-${project}`);
    expect(await land(`${short()}/no-such-project`)).toBe(`${at()}/vote`);
    await moveTo(served, round, 'counting');
    expect(await land(short())).toMatch(new RegExp(`^${at()}(/results)?$`));
    await sealServed(served, round.slug);
    await moveTo(served, round, 'results');
    expect(await land(short())).toBe(`${at()}/results`);
    await moveTo(served, round, 'delivery', 'closed');
    expect(await land(short())).toBe(`${at()}/results`);
    expect(await land(`${short()}/${project}`)).toBe(`${at()}/projects/${project}`);
    // Old, mistyped, or not public yet: to the fund, or home.
    const draft = await must(administrator.post(`/funds/${served.fund.slug}/rounds`, { title: 'Not yet' }));
    for (const old of [draft.slug, 'no-such-round']) expect((await get(`/r/${served.fund.slug}/${old}`)).headers.get('location')).toBe(`/f/${served.fund.slug}`);
    expect((await get('/r/no-such-fund/x')).headers.get('location')).toBe('/');
  });
});

describe('what is shared', () => {
  it('names itself in the page’s head with addresses that work elsewhere, in its language', async () => {
    const page = await (await get(at(), { cookie: 'language=ar' })).text();
    const meta = (name: string) => new RegExp(`property="${name}" content="([^"]*)"`).exec(page)?.[1]?.replaceAll('&amp;', '&');
    expect(meta('og:url')).toBe(served.url + at());
    expect(meta('og:image')).toBe(`${served.url}${at()}/card-ar.png`);
    expect(meta('og:image:width')).toBe('1200');
    expect(meta('og:title')).toMatch(/\p{Script=Arabic}/u);
    expect(page).toContain('name="twitter:card" content="summary_large_image"');
  });

  it('is drawn for strangers without a cookie, kept by its digest, and changes with the language', async () => {
    const cards = await Promise.all(['en', 'ar'].map((language) => get(`${at()}/card-${language}.png`)));
    expect(cards.map((each) => [each.status, each.headers.get('content-type')])).toEqual([[200, 'image/png'], [200, 'image/png']]);
    expect(cards[0]?.headers.get('cache-control')).toContain('public');
    const etags = cards.map((each) => each.headers.get('etag') ?? '');
    expect(new Set(etags).size).toBe(2);
    expect((await get(`${at()}/card-en.png`, { 'if-none-match': etags[0] as string })).status).toBe(304);
    expect((await get(`${at()}/card-en.png?anything=${Math.PI}`, { 'if-none-match': etags[0] as string })).status).toBe(304);
    for (const path of [`${at()}/card-xx.png`, `${at()}/projects/99/card-en.png`, `/f/${served.fund.slug}/rounds/not-yet/card-en.png`]) expect((await get(path)).status).toBe(404);
    const idea = `${at()}/ideas/1`;
    expect(await (await get(idea)).text()).toContain(`property="og:image" content="${served.url}${idea}/card-en.png"`);
    const drawn = await get(`${idea}/card-ar.png`);
    expect([drawn.status, drawn.headers.get('content-type'), (await get(`${at()}/ideas/99/card-en.png`)).status]).toEqual([200, 'image/png', 404]);
    const sheet = await get(`${at()}/projects/1/poster-pl.pdf`);
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const html = await (await get(`${at()}/poster`)).text();
    expect(html).toContain(`${served.url.replace('http://', '')}${short()}`);
    expect(html).not.toMatch(/<script/);
  });
});
