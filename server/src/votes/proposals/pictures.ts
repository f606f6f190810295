/** Serves the pictures of ideas: their proposer adds and removes them while ideas are gathered. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor } from '../../platform/actor.ts';
import { wakePictures } from '../../platform/pictures/jobs.ts';
import { picturePolicy } from '../../platform/pictures/policy.ts';
import { picturesOf } from '../../platform/pictures/reads.ts';
import { addPicture, removePictures } from '../../platform/pictures/writes.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve, serveFiles } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { findRound } from '../../rounds/reads.ts';
import * as contract from './contract.ts';
import { findIdea } from './reads.ts';
import { findOpenRound, lockOwn } from './routes.ts';
import { PICTURES_OF_IDEA_MAX } from './rules.ts';

export function ideaPictureRoutes(app: WebApp): void {
  serve(app, contract.listIdeaPictures, async ({ tx, fund, actor, params }) => {
    const round = await findOpenRound(tx, fund.id, params.round, actor);
    if (round instanceof Refusal) return round;
    const idea = await findIdea(tx, round, params.idea);
    const accountId = actor?.accountId ?? null;
    const isAuthor = accountId !== null && idea?.authorId === accountId;
    if (!idea || (idea.withdrawnAt && !isAuthor)) return refuse('not-found');
    const pictures = (await picturesOf(tx, fund.id, 'idea', [idea.id], isAuthor)).get(idea.id) ?? [];
    return { pictures, most: PICTURES_OF_IDEA_MAX, mayAdd: isAuthor && round.phase === 'ideas' && !idea.withdrawnAt, may: mayDo(picturePolicy, actor?.memberships.map((each) => each.role) ?? []) };
  });

  serveFiles(app, contract.addIdeaPicture, async ({ tx, fund, actor, params }) => findObstacle(tx, fund.id, params, actor), async ({ tx, services, fund, actor, params, body, now, request }) => {
    const own = await lockOwn(tx, fund.id, params, actor);
    if (own instanceof Refusal) return own;
    const bytes = request.files?.picture;
    if (!bytes) return refuse('picture-missing');
    if (!body.words) return refuse('picture-words-missing');
    const added = await addPicture(tx, { fundId: fund.id, owner: { kind: 'idea', id: own.idea.id }, most: PICTURES_OF_IDEA_MAX, words: body.words, bytes, accountId: actor.accountId as string, at: now });
    if (added instanceof Refusal) return added;
    await wakePictures(services, tx);
    await record(tx, { fundId: fund.id, name: 'proposal.picture-added', subject: { round: own.round.id, proposal: own.idea.id, picture: added.id }, actorId: actor.accountId, at: now });
    return added;
  });

  serve(app, contract.removeIdeaPicture, async ({ tx, fund, actor, params, now }) => {
    const own = await lockOwn(tx, fund.id, params, actor);
    if (own instanceof Refusal) return own;
    if ((await removePictures(tx, fund.id, { kind: 'idea', id: own.idea.id }, now, params.picture)) === 0) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'proposal.picture-removed', subject: { round: own.round.id, proposal: own.idea.id, picture: params.picture }, actorId: actor.accountId, at: now });
    return { done: true as const };
  });
}

/** Why this caller adds no picture here, told before the picture is read. */
async function findObstacle(tx: Transaction, fundId: string, params: { round: string; idea: string }, actor: Actor): Promise<Refusal | null> {
  const round = await findRound(tx, fundId, params.round);
  const idea = round && round.phase !== 'draft' ? await findIdea(tx, round, params.idea) : null;
  if (!round || !idea || idea.withdrawnAt) return refuse('not-found');
  if (idea.authorId !== actor.accountId) return refuse('not-allowed');
  return round.phase === 'ideas' ? null : refuse('wrong-phase', { phase: round.phase });
}
