/** Serves the projects' contracts. */
import type { Transaction } from '@commonpot/db/client';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import * as reads from '../../rounds/projects/reads.ts';
import * as writes from '../../rounds/projects/writes.ts';
import { findRound, lockRound } from '../../rounds/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { languageOfFund, newestIn, showSaid } from '../../rounds/words/reads.ts';
import * as contract from './contract.ts';
import { projectPolicy } from './policy.ts';

const done = { done: true } as const;
const HIDDEN = ['ideas', 'review'];

export function projectRoutes(app: WebApp): void {
  serve(app, contract.listProjects, async ({ tx, fund, actor, params, query }) => {
    const roles = actor?.memberships.map((each) => each.role) ?? [];
    const isAdministrator = roles.includes('administrator');
    const round = await findRound(tx, fund.id, params.round);
    if (!round || (round.phase === 'draft' && !isAdministrator)) return refuse('not-found');
    if (HIDDEN.includes(round.phase) && !isAdministrator) return refuse('wrong-phase', { phase: round.phase });
    const projects = await reads.listProjects(tx, fund.id, round.id);
    const said = new Map(query.language ? (await newestIn(tx, round, query.language)).map((each) => [each.projectId, showSaid(each)]) : []);
    return {
      projects: projects.map((each) => ({ ...each, said: said.get(each.id) ?? null, delivererContact: isAdministrator ? each.delivererContact : null })),
      currency: round.currency, original: await languageOfFund(tx, fund.id), may: mayDo(projectPolicy, roles, round.phase),
    };
  });

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
    const round = await lockOpen(tx, fund.id, params.round);
    if (round instanceof Refusal) return round;
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

/** Locks a round whose projects may still change. */
async function lockOpen(tx: Transaction, fundId: string, slug: string): Promise<Round | Refusal> {
  const round = await lockRound(tx, fundId, slug);
  if (!round) return refuse('not-found');
  return round.frozenAt ? refuse('frozen') : round;
}
