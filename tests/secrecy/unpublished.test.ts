/** What is not published yet is asked for at every address there is, by everybody who may not see it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contracts } from '@commonpot/server/contracts';
import type { RouteContract } from '@commonpot/server/platform/contract';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { draftRound, move, must, type TestRound } from '../rounds/set-up.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

/** Every reading address of a fund that has to do with rounds, with all that can be known of this one; each once. */
function addresses(known: Record<string, string>): Map<string, string> {
  const reading = [...contracts].filter(([, { method, path }]: [string, RouteContract]) => method === 'GET' && /^\/funds\/:fund\/(rounds|grants|requests)/.test(path));
  const kinds = [{ kind: 'project', subject: known.project as string }, { kind: 'idea', subject: 'round' }];
  return new Map(reading.flatMap(([name, { path }]) => kinds.map((kind) => {
    const values: Record<string, string> = { ...known, ...kind };
    return [path.replace(/:(\w+)/g, (_, part: string) => encodeURIComponent(values[part] ?? '1')), name] as const;
  })));
}

/** Who reads these words, and where. */
async function findLeaks(words: readonly string[], known: Record<string, string>, readers: Record<string, Visitor>): Promise<string[]> {
  const asked = Object.entries(readers).flatMap(([who, reader]) => [...addresses(known)].map(async ([path, name]) => {
    const { status, body } = await reader.get(path);
    return { status, leaks: words.filter((word) => JSON.stringify(body).includes(word)).map((word) => `${who}: ${name}: ${word}`) };
  }));
  const answers = await Promise.all(asked);
  expect(answers.filter((each) => each.status === 200).length).toBeGreaterThan(0);
  return answers.flatMap((each) => each.leaks);
}

const strangers = (): Record<string, Visitor> => {
  const { resident, officer, shop } = world.fund.people;
  return { stranger: world.visitor(), resident, officer, shop, neighbour: world.otherFund.people.administrator };
};

async function hiddenRound(): Promise<{ round: TestRound; known: Record<string, string> }> {
  const { administrator } = world.fund.people;
  const round = await draftRound(world, { title: 'SECRET round', summary: 'SECRET summary', observers: ['SECRET observer'], drawName: 'SECRET draw', drawDate: '2026-12-24' });
  const projects = (await must(administrator.get(`${round.path}/projects`))).projects as { id: string }[];
  const project = projects[0]?.id as string;
  await must(administrator.post(`${round.path}/projects`, { number: '9', title: 'UNSEEN project', costMinor: 1000, delivererName: 'UNSEEN deliverer' }));
  await must(administrator.send('PUT', `${round.path}/words/${project}/pl`, { title: 'UNSEEN words', summary: '', description: '', translator: 'UNSEEN translator' }));
  await must(administrator.send('PUT', `${round.path}/words/round/pl`, { title: 'SECRET words', summary: '', description: '', translator: 'SECRET translator' }));
  return { round, known: { fund: world.fund.slug, round: round.slug, project, number: '9', language: 'pl', idea: '1' } };
}

it('a draft is its administrators’ own; its projects are nobody’s else until the ballot is published', async () => {
  const { round, known } = await hiddenRound();
  // There is something to find.
  expect((await findLeaks(['SECRET', 'UNSEEN'], known, { administrator: world.fund.people.administrator })).length).toBeGreaterThan(4);
  expect(await findLeaks(['SECRET', 'UNSEEN'], known, strangers())).toEqual([]);
  await move(world, round, 'ideas');
  expect(await findLeaks(['UNSEEN'], known, strangers())).toEqual([]);
});

it('a grant round that is being set up is its administrators’ own', async () => {
  const { administrator } = world.fund.people;
  const { potId } = await draftRound(world);
  const { slug } = await must(administrator.post(`/funds/${world.fund.slug}/grants`, { title: 'PRIVATE grants', potId, kind: 'rolling' }));
  const known = { fund: world.fund.slug, grant: slug, project: '1' };
  expect(await findLeaks(['PRIVATE'], known, { administrator })).not.toEqual([]);
  expect(await findLeaks(['PRIVATE'], known, strangers())).toEqual([]);
});
