/** Comments and their moderation on the pages, by plain forms and without a script. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Visitor } from '../lib/world.ts';
import { serveWorld, type Served } from '../lib/served.ts';
import { gather, neighbour, send } from '../proposals/gathering.ts';

let served: Served;
beforeAll(async () => { served = await serveWorld(); });
afterAll(() => served.close());

const cookies = (who: Visitor | null) => (who ? { cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {});
const open = async (path: string, who: Visitor | null = null) => (await fetch(served.url + path, { headers: cookies(who) })).text();
const post = (path: string, form: Record<string, string>, who: Visitor | null = null) =>
  fetch(served.url + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form), headers: { ...cookies(who), origin: served.url, accept: 'text/html', 'sec-fetch-site': 'same-origin' } });
const hidden = (html: string, name: string) => [...html.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map((found) => found[1] as string);

it('takes a comment once however often its form is sent, keeps what was typed, and hides for a reason that everybody reads', async () => {
  const round = await gather(served);
  await send(await neighbour(served), round, 'Benches');
  const [author, { reviewer, resident }] = [await neighbour(served), served.fund.people];
  const idea = `/f/${served.fund.slug}/rounds/${round.slug}/ideas/1`;

  const stranger = await open(idea);
  expect(stranger).toContain('Sign in to comment');
  expect(stranger).toContain(encodeURIComponent(`${idea}#comments`));
  expect(stranger).not.toMatch(/<script|action="\?\/comment"/);

  const page = await open(idea, author);
  const draft = hidden(page, 'draft').at(-1) as string;
  const form = { draft, replyTo: '', words: 'One line.\r\nAnd <b>another</b>.', name: '' };
  const [once, twice] = await Promise.all([post(`${idea}?/comment`, form, author), post(`${idea}?/comment`, form, author)]);
  expect([once.status, twice.status, once.headers.get('location')]).toEqual([303, 303, twice.headers.get('location')]);
  expect(once.headers.get('location')).toMatch(new RegExp(`^${idea}#comment-`));
  const said = await open(idea);
  expect(said).toContain('1 comment from neighbours');
  expect(said).toContain('And &lt;b>another&lt;/b>.');
  // Each form of a page has a draft of its own, so that a reply is not taken for the comment.
  const drafts = hidden(await open(idea, author), 'draft');
  expect(new Set(drafts).size).toBe(2);

  // Signed out half-way: the words are still there.
  const lost = await post(`${idea}?/comment`, { ...form, draft: crypto.randomUUID(), words: 'Typed for ten minutes.' });
  expect(lost.status).toBe(401);
  expect(await lost.text()).toContain('Typed for ten minutes.');

  const comment = (once.headers.get('location') ?? '').split('#comment-')[1] as string;
  expect((await post(`${idea}?/reportComment`, { comment, page: '1', reason: 'private' }, resident)).status).toBe(303);
  expect((await post(`${idea}?/reportComment`, { comment, page: '1', reason: 'private' })).headers.get('location')).toContain('/sign-in?next=');
  const desk = `/admin/${served.fund.slug}`;
  expect(await open(`${desk}/desk`, reviewer)).toContain('1 comment waits for a person');
  expect((await fetch(`${served.url}${desk}/desk`, { headers: cookies(resident) })).status).toBe(403);
  expect((await post(`${desk}/moderation`, { comment, turn: '0', outcome: 'hide', reason: 'private' }, reviewer)).status).toBe(303);
  const after = await open(idea);
  expect(after).toContain('A person hid this comment: it says something private about somebody.');
  expect(after).not.toContain('One line.');
  expect(after).not.toContain('Nobody has commented yet');
  expect(await open(idea, author)).toContain('Ask another person to look again');
  expect((await post(`${idea}?/appealComment`, { comment, page: '1' }, author)).status).toBe(303);
  expect(await open(`${desk}/moderation`, reviewer)).toContain('so another person answers this');
});
