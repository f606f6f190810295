/** Serves the words' contracts, and recordings in the pieces that a telephone asks for. */
import type { Transaction } from '@commonpot/db/client';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { sendProblem, serve, serveFiles } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { languages, type Language } from '../../platform/words.ts';
import { findRound } from '../reads.ts';
import type { Round } from '../rules.ts';
import { readSound, SECONDS_MAX, SOUND_BYTES_MAX } from './audio.ts';
import * as contract from './contract.ts';
import { wordsPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { readRange } from './rules.ts';
import * as writes from './writes.ts';

const done = { done: true } as const;
const OPEN: readonly string[] = wordsPolicy.translate.phases;
const HIDDEN = ['draft', 'ideas', 'review'];

export function wordsRoutes(app: WebApp): void {
  readRoutes(app);
  writeRoutes(app);
  soundRoute(app);
}

const isTranslator = (actor: Actor | null): boolean => actor?.memberships.some((each) => (wordsPolicy.translate.roles as readonly string[]).includes(each.role)) ?? false;
const subjectOf = (given: string): reads.Subject => (given === 'round' ? null : given);

/** A round that this caller may read, and whether its projects are to be seen yet. */
async function findShown(tx: Transaction, fundId: string, slug: string, actor: Actor | null): Promise<{ round: Round; projectsToo: boolean } | Refusal> {
  const round = await findRound(tx, fundId, slug);
  if (!round || (round.phase === 'draft' && !isTranslator(actor))) return refuse('not-found');
  return { round, projectsToo: isTranslator(actor) || !HIDDEN.includes(round.phase) };
}

function readRoutes(app: WebApp): void {
  serve(app, contract.readWords, async ({ tx, fund, actor, params }) => {
    const shown = await findShown(tx, fund.id, params.round, actor);
    if (shown instanceof Refusal) return shown;
    const said = await reads.newestIn(tx, shown.round, params.language);
    const own = said.find((each) => each.projectId === null);
    const recordings = await reads.recordingsOf(tx, shown.round);
    return {
      original: await reads.languageOfFund(tx, fund.id), round: own ? reads.showSaid(own) : null,
      projects: shown.projectsToo ? said.flatMap((each) => (each.projectId ? [{ project: each.projectId, ...reads.showSaid(each) }] : [])) : [],
      recordings: recordings.filter((each) => each.projectId === null || shown.projectsToo).map(({ projectId, ...each }) => ({ subject: projectId ?? ('round' as const), ...each })),
    };
  });

  serve(app, contract.readWordsOf, async ({ tx, fund, actor, params }) => {
    const shown = await findShown(tx, fund.id, params.round, actor);
    if (shown instanceof Refusal) return shown;
    const subject = subjectOf(params.subject);
    const language = subject === null ? null : shown.projectsToo ? await reads.languageOfProject(tx, shown.round, subject) : undefined;
    if (language === undefined) return refuse('not-found');
    const byLanguage = Map.groupBy(await reads.versionsOf(tx, shown.round, subject), (each) => each.language);
    return {
      original: language ?? (await reads.languageOfFund(tx, fund.id)),
      translations: [...byLanguage.values()].flatMap(([newest, ...older]) => (newest ? [{ language: newest.language as Language, ...reads.showSaid(newest), before: newest.isCorrection ? publishedBefore(older) : [] }] : [])),
      recordings: (await reads.recordingsOf(tx, shown.round, subject)).map(({ projectId: _, ...each }) => each),
      may: mayDo(wordsPolicy, actor?.memberships.map((each) => each.role) ?? [], shown.round.phase),
    };
  });
}

/** What stood in public before a correction: the corrections before it, and the words the ballot was published with. */
function publishedBefore(older: readonly reads.Said[]) {
  const atNotice = older.findIndex((each) => !each.isCorrection);
  return (atNotice === -1 ? older : older.slice(0, atNotice + 1)).map(reads.showSaid);
}

/** A round and a text of it that may still be translated and read aloud. */
async function findOpen(tx: Transaction, fund: FundScope, params: { round: string; subject: string }): Promise<{ round: Round; subject: reads.Subject; original: string } | Refusal> {
  const round = await findRound(tx, fund.id, params.round);
  if (!round) return refuse('not-found');
  const subject = subjectOf(params.subject);
  const language = subject === null ? null : await reads.languageOfProject(tx, round, subject);
  if (language === undefined) return refuse('not-found');
  if (!OPEN.includes(round.phase)) return refuse('wrong-phase', { phase: round.phase });
  return { round, subject, original: language ?? (await reads.languageOfFund(tx, fund.id)) };
}

const namesOf = (round: Round, subject: reads.Subject, language: string) => ({ round: round.id, ...(subject ? { project: subject } : {}), language });

function writeRoutes(app: WebApp): void {
  serve(app, contract.translate, async ({ tx, fund, actor, params, body, now }) => {
    const open = await findOpen(tx, fund, params);
    if (open instanceof Refusal) return open;
    if (open.original === params.language) return refuse('same-language');
    const { translator, ...words } = body;
    const isNew = await writes.addTranslation(tx, open.round, open.subject, params.language, { ...words, translatorName: translator }, { accountId: actor.accountId as string, at: now });
    if (isNew) await record(tx, { fundId: fund.id, name: 'words.translated', subject: namesOf(open.round, open.subject, params.language), actorId: actor.accountId, at: now });
    return done;
  });

  serveFiles(app, contract.recordReading, async ({ tx, fund, params }) => {
    const open = await findOpen(tx, fund, params);
    return open instanceof Refusal ? open : null;
  }, async ({ tx, fund, actor, params, body, now, request }) => {
    const open = await findOpen(tx, fund, params);
    if (open instanceof Refusal) return open;
    const file = request.files?.recording;
    if (!file) return refuse('not-audio');
    if (file.length > SOUND_BYTES_MAX) return refuse('audio-too-large', { most: SOUND_BYTES_MAX });
    const sound = readSound(file);
    if (!sound) return refuse('not-audio');
    if (sound.seconds > SECONDS_MAX) return refuse('audio-too-long', { seconds: Math.round(sound.seconds), most: SECONDS_MAX });
    await writes.putRecording(tx, open.round, open.subject, params.language, { sound, readerName: body.reader }, { accountId: actor.accountId as string, at: now });
    await record(tx, { fundId: fund.id, name: 'words.recorded', subject: namesOf(open.round, open.subject, params.language), actorId: actor.accountId, at: now });
    return { seconds: Math.round(sound.seconds) };
  });

  serve(app, contract.removeReading, async ({ tx, fund, actor, params, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round || !(await writes.removeRecording(tx, round, subjectOf(params.subject), params.language))) return refuse('not-found');
    await record(tx, { fundId: fund.id, name: 'words.recording-removed', subject: namesOf(round, subjectOf(params.subject), params.language), actorId: actor.accountId, at: now });
    return done;
  });
}

interface SoundParams {
  fund: string;
  round: string;
  subject: string;
  language: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A recording as a file: whole, or the range that was asked for. */
function soundRoute(app: WebApp): void {
  const { services } = app;
  app.get<{ Params: SoundParams }>('/api/v1/funds/:fund/rounds/:round/words/:subject/:language/recording', { schema: { hide: true } as object }, async (request, reply) => {
    const { params } = request;
    if (!(params.subject === 'round' || ID.test(params.subject)) || !(languages as readonly string[]).includes(params.language)) return sendProblem(reply, 'not-found');
    const found = await services.db.transaction(async (drizzleTx) => {
      const tx = drizzleTx as unknown as Transaction;
      const fund = await services.findFund(tx, params.fund);
      if (!fund) return null;
      const actor = await services.identify(tx, request, reply, fund.id, services.clock());
      const shown = await findShown(tx, fund.id, params.round, actor);
      const subject = subjectOf(params.subject);
      if (shown instanceof Refusal || (subject !== null && !shown.projectsToo)) return null;
      const recording = await reads.findRecording(tx, shown.round, subject, params.language);
      if (!recording) return null;
      const range = readRange(request.headers.range, recording.size);
      const part = range === 'all' ? { start: 0, end: recording.size - 1 } : range;
      return { ...recording, range, part, bytes: part === 'none' ? Buffer.alloc(0) : await reads.readSoundOf(tx, fund.id, recording.id, part.start, part.end) };
    });
    if (!found) return sendProblem(reply, 'not-found');
    void reply.header('accept-ranges', 'bytes').header('content-type', found.mediaType).header('content-disposition', 'inline');
    if (found.part === 'none') return reply.code(416).header('content-range', `bytes */${found.size}`).send('');
    if (found.range !== 'all') void reply.code(206).header('content-range', `bytes ${found.part.start}-${found.part.end}/${found.size}`);
    return reply.send(found.bytes);
  });
}
