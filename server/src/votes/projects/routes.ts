/** Serves the projects' contracts. */
import type { Transaction } from '@commonpot/db/client';
import { mayDo, type Role } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as reads from '../../rounds/projects/reads.ts';
import * as writes from '../../rounds/projects/writes.ts';
import { findRound, lockRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { findHallOrder } from '../hall/reads.ts';
import { languageOfFund, newestIn, newestOf, showSaid } from '../../rounds/words/reads.ts';
import * as contract from './contract.ts';
import { projectPolicy } from './policy.ts';

const done = { done: true } as const;
const HIDDEN = ['ideas', 'review'];
/** How long anybody's cache may keep the list of a frozen ballot. */
const KEPT_SECONDS = 300;

export function projectRoutes(app: WebApp): void {
  readingRoutes(app);
  changingRoutes(app);
}

function readingRoutes(app: WebApp): void {
  serve(app, contract.listProjects, async ({ tx, fund, actor, params, query, reply }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const round = await findShown(tx, fund.id, params.round, roles);
    if (round instanceof Refusal) return round;
    const projects = await reads.listProjects(tx, fund.id, round.id);
    const said = new Map(query.language ? (await newestIn(tx, round, query.language)).map((each) => [each.projectId, showSaid(each)]) : []);
    // The ballot stays as it is from here on; a corrected translation is seen after the minutes.
    if (!actor && round.frozenAt) reply.headers({ 'cache-control': `public, max-age=${KEPT_SECONDS}`, vary: 'cookie' });
    return {
      projects: projects.map((each) => ({ ...each, said: said.get(each.id) ?? null, delivererContact: contactFor(roles, each) })),
      currency: round.currency, original: await languageOfFund(tx, fund.id), may: mayDo(projectPolicy, roles, round.phase),
    };
  });

  serve(app, contract.readProject, async ({ tx, fund, actor, params, query }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const round = await findShown(tx, fund.id, params.round, roles);
    if (round instanceof Refusal) return round;
    const found = await reads.findProject(tx, fund.id, round.id, params.number);
    if (!found) return refuse('not-found');
    const newest = await newestOf(tx, round, found.id, query.language);
    return { ...found, delivererContact: contactFor(roles, found), said: newest && showSaid(newest), currency: round.currency, original: await languageOfFund(tx, fund.id) };
  });
}

function changingRoutes(app: WebApp): void {
  serve(app, contract.createProject, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockOpen(tx, fund.id, params.round);
    if (round instanceof Refusal) return round;
    const made = await writes.addProjects(tx, round, [body], now);
    if (made instanceof Refusal) return made;
    const [project] = made;
    if (!project) throw new Error('a project was added and is not there');
    await record(tx, { fundId: fund.id, name: 'project.created', subject: { round: round.id, project: project.id }, actorId: actor.accountId, at: now });
    return project;
  });

  serve(app, contract.createProjects, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockOpen(tx, fund.id, params.round);
    if (round instanceof Refusal) return round;
    const made = await writes.addProjects(tx, round, body.projects, now);
    if (made instanceof Refusal) return made;
    await record(tx, { fundId: fund.id, name: 'project.imported', subject: { round: round.id, count: String(made.length) }, actorId: actor.accountId, at: now });
    return { projects: made };
  });

  serve(app, contract.changeProject, async ({ tx, fund, actor, params, body, now }) => {
    const round = await lockOpen(tx, fund.id, params.round, 'words');
    if (round instanceof Refusal) return round;
    if (body.number !== undefined && !(await isNumber(tx, round, params.project, body.number)) && (await isAnnounced(tx, round))) return refuse('order-announced');
    const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as writes.ProjectChange;
    if (Object.keys(change).length === 0) return done;
    const refusal = await writes.changeProject(tx, round, params.project, change);
    if (refusal instanceof Refusal) return refusal;
    await record(tx, { fundId: fund.id, name: 'project.changed', subject: { round: round.id, project: params.project }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.removeProject, async ({ tx, fund, actor, params, now }) => {
    const round = await lockOpen(tx, fund.id, params.round);
    if (round instanceof Refusal) return round;
    if (!(await writes.removeProject(tx, round, params.project))) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'project.removed', subject: { round: round.id, project: params.project }, actorId: actor.accountId, at: now });
    return done;
  });
}

/** The round whose projects these roles may see. Refuses `not-found`, `wrong-phase`. */
async function findShown(tx: Transaction, fundId: string, slug: string, roles: readonly Role[]): Promise<Round | Refusal> {
  const round = await findRound(tx, fundId, slug);
  const isAdministrator = roles.includes('administrator');
  if (!round || (round.phase === 'draft' && !isAdministrator)) return refuse('not-found');
  return HIDDEN.includes(round.phase) && !isAdministrator ? refuse('wrong-phase', { phase: round.phase }) : round;
}

const contactFor = (roles: readonly Role[], { delivererContact }: reads.ProjectLine): string | null => (roles.includes('administrator') ? delivererContact : null);

/** Whether the draw of the projects' order was announced: from then on they are as many and as numbered as they are. */
const isAnnounced = async (tx: Transaction, round: Round): Promise<boolean> => (await findHallOrder(tx, { fundId: round.fundId, roundId: round.id })) !== null;

/** Whether a project bears this number already. */
const isNumber = async (tx: Transaction, round: Round, projectId: string, number: string): Promise<boolean> => (await reads.findProject(tx, round.fundId, round.id, number))?.id === projectId;

/** Locks a round whose projects, or at least their words, may still change. */
async function lockOpen(tx: Transaction, fundId: string, slug: string, what: 'projects' | 'words' = 'projects'): Promise<Round | Refusal> {
  const round = await lockRound(tx, fundId, slug);
  if (!round) return refuse('not-found');
  if (round.frozenAt) return refuse('frozen');
  return what === 'projects' && (await isAnnounced(tx, round)) ? refuse('order-announced') : round;
}
