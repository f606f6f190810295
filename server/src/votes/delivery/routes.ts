/** Serves the delivery's contracts. */
import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Transaction } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { timeZoneOf } from '../../people/reads.ts';
import { normaliseAddress } from '../../people/rules.ts';
import { dayIn } from '../../platform/days.ts';
import { wakePictures } from '../../platform/pictures/jobs.ts';
import { picturesOf, type ShownPicture } from '../../platform/pictures/reads.ts';
import { addPicture } from '../../platform/pictures/writes.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve, serveFiles, type Call } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import { words } from '../../platform/words.ts';
import { findRound, lockRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import * as contract from './contract.ts';
import * as links from './link-writes.ts';
import { deliveryPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { PICTURES_OF_NEWS_MAX, standingOf } from './rules.ts';
import * as writes from './writes.ts';

const DECIDED = ['results', 'delivery', 'closed'];

export function deliveryRoutes(app: WebApp): void {
  serve(app, contract.readDelivery, async ({ tx, fund, actor, params, query, now }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const round = await findRound(tx, fund.id, params.round);
    if (!round || (round.phase === 'draft' && !roles.includes('administrator'))) return refuse('not-found');
    const may = mayDo(deliveryPolicy, roles, round.phase);
    if (!DECIDED.includes(round.phase)) return { projects: [], overdue: 0, may };
    const projects = await readProjects(tx, round, dayIn(now, await timeZoneOf(tx, fund.id)), query.project);
    return { projects, overdue: projects.flatMap((each) => each.milestones).filter((each) => each.isOverdue).length, may };
  });

  serve(app, contract.planMilestone, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockWon(tx, fund.id, params, deliveryPolicy.plan.phases);
    if (round instanceof Refusal) return round;
    const made = await writes.addMilestone(tx, { fundId: fund.id, roundId: round.id, projectId: params.project, accountId: actor.accountId as string, at: now, ...body });
    if (made instanceof Refusal) return made;
    if (made.isNew) await record(tx, { fundId: fund.id, name: 'delivery.planned', subject: { round: round.id, project: params.project, milestone: made.id }, actorId: actor.accountId, at: now });
    return { id: made.id };
  });

  serveFiles(app, contract.publishNews, async ({ tx, fund, params }) => findObstacle(tx, await findRound(tx, fund.id, params.round), params.project, deliveryPolicy.publish.phases), publish);
  handOutLinks(app);
  useLinks(app);
}

/** A link's token is hashed with its round, so that it opens nothing in another. */
const hashToken = (services: Services, round: Round, token: string) => services.secrets.hash('delivery-link', `${round.id}:${token}`);

function handOutLinks(app: WebApp): void {
  serve(app, contract.readDeliveryLink, async ({ tx, fund, params }) => ({ since: (await links.findLink(tx, { fundId: fund.id, projectId: params.project }))?.madeAt.toISOString() ?? null }));

  serve(app, contract.makeDeliveryLink, async ({ tx, services, fund, actor, params, body, now }) => {
    const tell = body?.tell;
    const recipient = tell && normaliseAddress(tell.channel, tell.address);
    if (tell && !recipient) return refuse('wrong-shape', { fields: ['address'] });
    const round = await lockWon(tx, fund.id, params, deliveryPolicy.publish.phases);
    if (round instanceof Refusal) return round;
    const token = randomBytes(16).toString('base64url');
    await links.makeLink(tx, { fundId: fund.id, roundId: round.id, projectId: params.project, tokenHash: hashToken(services, round, token), accountId: actor.accountId as string, now });
    await record(tx, { fundId: fund.id, name: 'delivery.link-made', subject: { round: round.id, project: params.project }, actorId: actor.accountId, at: now });
    if (tell && recipient) {
      const { channel, language } = tell;
      const facts = { round: round.title, title: await reads.titleOf(tx, round, params.project), link: `${services.config.publicUrl}/f/${fund.slug}/rounds/${round.slug}/deliver/${token}` };
      await enqueueMessage(services, tx, { channel, recipient, language, subject: words(language, 'deliver_subject'), body: words(language, 'deliver_body', facts) });
    }
    return { token, sent: recipient !== undefined };
  });

  serve(app, contract.endDeliveryLink, async ({ tx, fund, actor, params, now }) => {
    const round = await lockRound(tx, fund.id, params.round);
    if (!round || !(await links.endLink(tx, { fundId: fund.id, projectId: params.project }, now))) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'delivery.link-ended', subject: { round: round.id, project: params.project }, actorId: actor.accountId, at: now });
    return { done: true as const };
  });
}

function useLinks(app: WebApp): void {
  const { limits } = app.services;

  /** The round and project behind a link while they are being delivered; a wrong token counts as a wrong code. */
  async function findLinked(tx: Transaction, round: Round | null, token: string, request: FastifyRequest) {
    const wait = await limits.codes.wait(request.ip);
    if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
    const link = round && (await links.findByToken(tx, { fundId: round.fundId, roundId: round.id }, hashToken(app.services, round, token)));
    if (!round || !link) {
      await limits.codes.wrong(request.ip);
      return refuse('wrong-code');
    }
    const obstacle = await findObstacle(tx, round, link.projectId, deliveryPolicy.publish.phases);
    if (obstacle) return obstacle;
    // Once every step is done, so is the delivery.
    const project = (await readProjects(tx, round, '', link.projectId))[0];
    if (!project || (project.milestones.length > 0 && project.milestones.every((each) => each.standing === 'done'))) return refuse('wrong-phase', { phase: round.phase });
    return { round, link };
  }

  serve(app, contract.openDeliveryLink, async ({ tx, fund, params, body, now, request }) => {
    const linked = await findLinked(tx, await findRound(tx, fund.id, params.round), body.token, request);
    if (linked instanceof Refusal) return linked;
    const [project] = await readProjects(tx, linked.round, dayIn(now, await timeZoneOf(tx, fund.id)), linked.link.projectId);
    if (!project) return refuse('not-found');
    const { number, title, delivererName, milestones, news } = project;
    return { project: { number, title, delivererName }, milestones, news };
  });

  const tokenIn = (request: FastifyRequest) => request.cookies[contract.DELIVERER_COOKIE] ?? '';
  serveFiles(app, contract.tellByLink, async ({ tx, fund, params, request }) => {
    const linked = await findLinked(tx, await findRound(tx, fund.id, params.round), tokenIn(request), request);
    return linked instanceof Refusal ? linked : null;
  }, async ({ tx, services, fund, params, body, now, request }) => {
    const linked = await findLinked(tx, await lockRound(tx, fund.id, params.round), tokenIn(request), request);
    if (linked instanceof Refusal) return linked;
    const { round, link } = linked;
    const made = await tell(tx, services, { fundId: fund.id, roundId: round.id, projectId: link.projectId, accountId: link.madeBy, linkId: link.id, at: now }, { kind: 'news', ...body }, request);
    if (made instanceof Refusal || !made.isNew) return made;
    await record(tx, { fundId: fund.id, name: 'delivery.told', subject: { round: round.id, project: link.projectId, news: made.id }, actorId: null, at: now });
    return { id: made.id };
  });
}

async function publish({ tx, services, fund, actor, params, body, now, request }: Call<typeof contract.publishNews>): Promise<{ id: string } | Refusal> {
  const round = await lockWon(tx, fund.id, params, deliveryPolicy.publish.phases);
  if (round instanceof Refusal) return round;
  const accountId = actor.accountId as string;
  const made = await tell(tx, services, { fundId: fund.id, roundId: round.id, projectId: params.project, accountId, at: now }, body, request);
  if (made instanceof Refusal || !made.isNew) return made;
  await record(tx, { fundId: fund.id, name: `delivery.${body.kind === 'correction' ? 'corrected' : body.kind === 'news' ? 'told' : body.kind}`, subject: { round: round.id, project: params.project, news: made.id }, actorId: accountId, at: now });
  return { id: made.id };
}

type NewsForm = Omit<Parameters<typeof writes.addNews>[2], 'link'> & Parameters<typeof picturesIn>[1];

/** Publishes news with the pictures of its form; the same draft twice is one piece of news. The caller holds the round's lock. */
async function tell(tx: Transaction, services: Services, doing: Parameters<typeof writes.addNews>[1], body: NewsForm, request: FastifyRequest): Promise<{ id: string; isNew: boolean } | Refusal> {
  const pictures = picturesIn(request, body);
  if (pictures instanceof Refusal) return pictures;
  const made = await writes.addNews(tx, doing, body);
  if (made instanceof Refusal || !made.isNew) return made;
  for (const { bytes, words } of pictures) {
    const added = await addPicture(tx, { fundId: doing.fundId, owner: { kind: 'news', id: made.id }, most: PICTURES_OF_NEWS_MAX, words, bytes, accountId: doing.accountId, at: doing.at });
    if (added instanceof Refusal) return added;
  }
  if (pictures.length > 0) await wakePictures(services, tx);
  return made;
}

/** The pictures of the form, each with the words beside it. Refuses `picture-words-missing`. */
function picturesIn(request: FastifyRequest, body: Partial<Record<'pictureWords1' | 'pictureWords2' | 'pictureWords3', string | undefined>>): { bytes: Buffer; words: string }[] | Refusal {
  const pictures: { bytes: Buffer; words: string }[] = [];
  for (const n of [1, 2, 3] as const) {
    const bytes = request.files?.[`picture${n}`];
    const words = body[`pictureWords${n}`];
    if (bytes && !words) return refuse('picture-words-missing');
    if (bytes && words) pictures.push({ bytes, words });
  }
  return pictures;
}

/** Why nothing is delivered here now, or null. */
async function findObstacle(tx: Transaction, round: Round | null, projectId: string, phases: readonly string[]): Promise<Refusal | null> {
  if (!round || round.phase === 'draft') return refuse('not-found');
  if (!(await reads.isProject(tx, round, projectId))) return refuse('not-found');
  if (!phases.includes(round.phase)) return refuse('wrong-phase', { phase: round.phase });
  return (await reads.wonProjects(tx, round, projectId)).length === 1 ? null : refuse('not-awarded');
}

/** Locks the round of a project that won. */
async function lockWon(tx: Transaction, fundId: string, params: { round: string; project: string }, phases: readonly string[]): Promise<Round | Refusal> {
  const round = await lockRound(tx, fundId, params.round);
  return (await findObstacle(tx, round, params.project, phases)) ?? (round as Round);
}

async function readProjects(tx: Transaction, round: Round, today: string, projectId: string | undefined) {
  const projects = await reads.wonProjects(tx, round, projectId);
  const ids = projects.map((each) => each.id);
  const [milestones, news] = [await reads.milestonesOf(tx, round.fundId, ids), await reads.newsOf(tx, round.fundId, ids)];
  const pictures = await picturesOf(tx, round.fundId, 'news', news.map((each) => each.id));
  const titles = new Map(milestones.map((each) => [each.id, each.title]));
  const corrected = new Set(news.flatMap((each) => each.correctsId ?? []));
  return projects.map((each) => {
    const theirs = news.filter((one) => one.projectId === each.id);
    return {
      ...each,
      milestones: milestones.filter((one) => one.projectId === each.id).map((one) => showMilestone(one, standingOf(one, theirs, today))),
      news: theirs.map((one) => showNews(one, titles, corrected, pictures.get(one.id) ?? [])),
    };
  });
}

type Milestone = Awaited<ReturnType<typeof reads.milestonesOf>>[number];
type News = Awaited<ReturnType<typeof reads.newsOf>>[number];

function showMilestone({ id, title, who, dueOn }: Milestone, stands: ReturnType<typeof standingOf>) {
  return { id, title, who, plannedFor: dueOn, ...stands, doneAt: stands.doneAt?.toISOString() ?? null };
}

function showNews(one: News, titles: ReadonlyMap<string, string>, corrected: ReadonlySet<string>, pictures: ShownPicture[]) {
  const { id, kind, words, reason, newDueOn, milestoneId, linkId } = one;
  const title = milestoneId && titles.get(milestoneId);
  return {
    id, kind, words, reason, newDueOn, at: one.publishedAt.toISOString(), milestone: milestoneId && title ? { id: milestoneId, title } : null,
    corrects: one.correctsId, isCorrected: corrected.has(id), byDeliverer: linkId !== null, pictures,
  };
}
