/** Serves the discussion's contracts. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { serve } from '../../platform/serve.ts';
import type { Services, WebApp } from '../../platform/services.ts';
import * as contract from './contract.ts';
import { discussionPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { appealOf, COMMENTS_MAX, COMMENTS_PER_HOUR, PAGE_SIZE, REPLIES_MAX, REPORTS_PER_HOUR, waitsFor } from './rules.ts';
import type { Subject, SubjectKind } from './subject.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const hourBefore = (now: Date) => new Date(now.getTime() - 3_600_000);
const mayOf = (actor: Actor | null) => mayDo(discussionPolicy, actor?.memberships.map((each) => each.role) ?? []);

export function discussionRoutes(app: WebApp): void {
  listRoute(app);
  addRoute(app);
  commentRoutes(app);
  moderationRoutes(app);
}

/** What an address names, for this caller. */
async function findSubject(tx: Transaction, services: Services, fundId: string, params: { kind: string; round: string; number: string }, actor: Actor | null): Promise<(Subject & { kind: SubjectKind }) | null> {
  const kind = (['idea', 'project'] as const).find((each) => each === params.kind);
  const subject = kind && (await services.discussionSubjects[kind].byNumber(tx, fundId, params, actor));
  return kind && subject ? { ...subject, kind } : null;
}

function listRoute(app: WebApp): void {
  serve(app, contract.listComments, async ({ tx, services, fund, actor, params, query }) => {
    const subject = await findSubject(tx, services, fund.id, params, actor);
    if (!subject) return refuse('not-found');
    const key = { fundId: fund.id, kind: subject.kind, id: subject.id };
    const first = await reads.firstComments(tx, key, query.page);
    const replies = await reads.repliesTo(tx, fund.id, first.map((each) => each.id));
    const show = await shower(tx, fund.id, [...first, ...replies], actor?.accountId ?? null);
    const counted = await reads.countComments(tx, key);
    return {
      comments: first.map((each) => ({ ...show(each), replies: replies.filter((reply) => reply.replyTo === each.id).map(show) })),
      total: counted.readable, pages: Math.max(1, Math.ceil(counted.first / PAGE_SIZE)), takesComments: subject.takesComments,
      isSignedIn: Boolean(actor?.accountId), may: mayOf(actor),
    };
  });
}

/** How each of these comments looks to this caller: hidden words are their author's alone. */
async function shower(tx: Transaction, fundId: string, comments: readonly reads.Comment[], accountId: string | null) {
  const ids = comments.map((each) => each.id);
  const standing = await reads.standingsOf(tx, fundId, ids);
  const reported = accountId === null ? new Set<string>() : await reads.reportedBy(tx, fundId, ids, accountId);
  return (comment: reads.Comment) => {
    const { decision, ...rest } = standing(comment.id);
    const isAuthor = accountId !== null && comment.accountId === accountId;
    const isHidden = comment.gone === null && decision?.outcome === 'hide';
    return {
      id: comment.id, at: comment.at.toISOString(), state: comment.gone ?? (isHidden ? 'hidden' as const : 'shown' as const),
      by: isHidden && !isAuthor ? null : comment.name, words: isHidden && !isAuthor ? null : comment.words, reason: isHidden ? decision.reason : null,
      you: accountId === null ? null : { isAuthor, hasReported: reported.has(comment.id), appeal: isAuthor && comment.gone === null ? appealOf({ decision, ...rest }) : null },
    };
  };
}

function addRoute(app: WebApp): void {
  serve(app, contract.addComment, async ({ tx, services, fund, actor, params, body, now }) => {
    const accountId = actor.accountId as string;
    const subject = await findSubject(tx, services, fund.id, params, actor);
    if (!subject) return refuse('not-found');
    const key = { fundId: fund.id, kind: subject.kind, id: subject.id };
    await writes.holdAccount(tx, accountId);
    // Whoever sends again because the answer was lost is shown what they said, even when the time is over by now.
    const sent = await reads.findDraft(tx, fund.id, accountId, body.draft);
    if (sent) return { id: sent.id, page: await reads.pageOf(tx, key, sent) };
    if (!subject.takesComments) return refuse('wrong-phase');
    const refusal = await findRefusal(tx, key, { accountId, replyTo: body.replyTo, now });
    if (refusal) return refusal;
    const id = await writes.addComment(tx, { ...key, roundId: subject.roundId }, { accountId, draftId: body.draft, replyTo: body.replyTo, name: body.name, words: body.words }, now);
    await record(tx, { fundId: fund.id, name: 'comment.posted', subject: { round: subject.roundId, [subject.kind]: subject.id, comment: id }, actorId: accountId, at: now });
    return { id, page: await reads.pageOf(tx, key, { id, replyTo: body.replyTo }) };
  });
}

/** What keeps this account from commenting here now. A reply answers a first comment of the same subject that is still there. */
async function findRefusal(tx: Transaction, key: reads.SubjectKey, { accountId, replyTo, now }: { accountId: string; replyTo: string | null; now: Date }): Promise<Refusal | null> {
  if (replyTo !== null) {
    const answered = await reads.findComment(tx, key.fundId, replyTo);
    if (!answered || answered.replyTo !== null || answered.gone !== null || answered.subjectKind !== key.kind || answered.subjectId !== key.id) return refuse('not-found');
    if ((await reads.countReplies(tx, key.fundId, replyTo)) >= REPLIES_MAX) return refuse('too-large', { most: REPLIES_MAX });
  }
  if ((await reads.commentsSince(tx, key.fundId, accountId, hourBefore(now))) >= COMMENTS_PER_HOUR) return refuse('slow-down', { most: COMMENTS_PER_HOUR });
  return (await reads.countComments(tx, key)).all >= COMMENTS_MAX ? refuse('too-large', { most: COMMENTS_MAX }) : null;
}

function commentRoutes(app: WebApp): void {
  serve(app, contract.withdrawComment, async ({ tx, fund, actor, params, now }) => {
    const found = await reads.lockComment(tx, fund.id, params.comment);
    if (!found) return refuse('not-found');
    if (found.accountId !== actor.accountId) return refuse('not-allowed');
    if (await writes.withdrawComment(tx, fund.id, found.id, now)) await record(tx, { fundId: fund.id, name: 'comment.withdrawn', subject: { round: found.roundId, comment: found.id }, actorId: actor.accountId, at: now });
    return done;
  });

  serve(app, contract.reportComment, async ({ tx, fund, actor, params, body, now }) => {
    const accountId = actor.accountId as string;
    await writes.holdAccount(tx, accountId);
    const found = await reads.lockComment(tx, fund.id, params.comment);
    if (!found || found.gone) return refuse('not-found');
    if (found.accountId === accountId) return refuse('not-allowed');
    if ((await reads.reportsSince(tx, fund.id, accountId, hourBefore(now))) >= REPORTS_PER_HOUR) return refuse('slow-down', { most: REPORTS_PER_HOUR });
    // Who reported is nobody's business: the event names no account.
    if (await writes.addReport(tx, { fundId: fund.id, commentId: found.id, accountId, reason: body.reason, at: now })) await record(tx, { fundId: fund.id, name: 'comment.reported', subject: { round: found.roundId, comment: found.id, reason: body.reason }, actorId: null, at: now });
    return done;
  });

  serve(app, contract.appealDecision, async ({ tx, fund, actor, params, now }) => {
    const found = await reads.lockComment(tx, fund.id, params.comment);
    if (!found || found.gone) return refuse('not-found');
    if (found.accountId !== actor.accountId) return refuse('not-allowed');
    const standing = (await reads.standingsOf(tx, fund.id, [found.id]))(found.id);
    if (standing.appealed !== null) return refuse('already-exists');
    if (standing.decision?.outcome !== 'hide') return refuse('already-decided');
    await writes.addAppeal(tx, { fundId: fund.id, commentId: found.id, turn: standing.decision.turn, at: now });
    await record(tx, { fundId: fund.id, name: 'comment.appealed', subject: { round: found.roundId, comment: found.id }, actorId: actor.accountId, at: now });
    return done;
  });
}

function moderationRoutes(app: WebApp): void {
  serve(app, contract.listReported, async ({ tx, services, fund, actor }) => {
    const accountId = actor.accountId as string;
    const comments = (await reads.reportedComments(tx, fund.id)).filter((each) => each.accountId !== accountId);
    const ids = comments.map((each) => each.id);
    const [standing, reasons] = [await reads.standingsOf(tx, fund.id, ids), await reads.reasonsOf(tx, fund.id, ids)];
    const subjects = new Map(await Promise.all((['idea', 'project'] as const).map(async (kind) =>
      [kind, await services.discussionSubjects[kind].byIds(tx, fund.id, comments.filter((each) => each.subjectKind === kind).map((each) => each.subjectId))] as const)));
    return {
      waiting: comments.flatMap((comment) => {
        const { decision, ...rest } = standing(comment.id);
        const waits = waitsFor({ decision, ...rest });
        const subject = subjects.get(comment.subjectKind)?.get(comment.subjectId);
        return waits === null ? [] : [{
          id: comment.id, words: comment.words ?? '', by: comment.name, at: comment.at.toISOString(), subject: subject ? { kind: comment.subjectKind, ...subject } : null,
          reasons: reasons.filter((each) => each.id === comment.id).map(({ reason, people }) => ({ reason, people })), waitsFor: waits,
          decided: waits === 'second-look' && decision ? { reason: decision.reason, at: decision.at.toISOString() } : null, turn: decision?.turn ?? 0,
          mayDecide: waits === 'look' || decision?.decidedBy !== accountId,
        }];
      }),
      may: mayOf(actor),
    };
  });

  serve(app, contract.decideComment, async ({ tx, fund, actor, params, body, now }) => {
    const accountId = actor.accountId as string;
    const found = await reads.lockComment(tx, fund.id, params.comment);
    if (!found || found.gone) return refuse('not-found');
    if (found.accountId === accountId) return refuse('same-person');
    const { decision, ...rest } = (await reads.standingsOf(tx, fund.id, [found.id]))(found.id);
    const waits = waitsFor({ decision, ...rest });
    if (waits === null || (decision?.turn ?? 0) !== body.turn) return refuse('already-decided');
    if (waits === 'second-look' && decision?.decidedBy === accountId) return refuse('same-person');
    const reason = body.outcome === 'hide' ? body.reason : null;
    await writes.addDecision(tx, { fundId: fund.id, commentId: found.id, turn: body.turn + 1, outcome: body.outcome, reason, decidedBy: accountId, at: now });
    await record(tx, { fundId: fund.id, name: body.outcome === 'hide' ? 'comment.hidden' : 'comment.kept', subject: { round: found.roundId, comment: found.id, ...(reason ? { reason } : {}) }, actorId: accountId, at: now });
    return done;
  });
}
