/** Serves the contracts of paper ballots. */
import type { Transaction } from '@commonpot/db/client';
import type { FundScope } from '../../platform/actor.ts';
import type { BodyOf } from '../../platform/contract.ts';
import { mayDo } from '../../platform/policy.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { normaliseAddress } from '../../people/rules.ts';
import { findRound } from '../../rounds/reads.ts';
import { findByTypedCode } from '../../rounds/roll/codes.ts';
import { findByContact } from '../../rounds/roll/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { makeKeyring, type Keyring } from '../ballots/keyring.ts';
import { readBallotRound } from '../ballots/reads.ts';
import { enqueueCount } from '../tally/jobs.ts';
import * as contract from './contract.ts';
import { paperPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { agreedCount, sheetStanding, standingOf } from './rules.ts';
import * as writes from './writes.ts';

export function paperRoutes(app: WebApp): void {
  const keyring = makeKeyring(app.services.keys);
  standing(app, keyring);
  giving(app, keyring);
  counting(app, keyring);
}

/** A round whose voting has opened, with its frozen terms and its keys. */
async function openTerms(tx: Transaction, fund: FundScope, round: Round, keyring: Keyring) {
  const spec = await readBallotRound(tx, fund.id, round.slug);
  if (!spec) return refuse('voting-not-open');
  const keys = await keyring.open(round.id);
  return keys ? { spec, keys } : refuse('round-key-missing');
}

const byOf = (round: Round, actor: { accountId: string | null }, now: Date) => ({ fundId: round.fundId, roundId: round.id, accountId: actor.accountId as string, now });

function standing(app: WebApp, keyring: Keyring): void {
  serve(app, contract.readPaper, async ({ tx, fund, actor, params }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const ref = { fundId: fund.id, roundId: round.id };
    const [batches, done] = [await reads.listBatches(tx, ref), await reads.readDone(tx, ref)];
    const sheets = done ? done.counted + done.spoiled : writes.sheetsInBoxes(batches);
    const keys = sheets !== null && !done ? await keyring.open(round.id) : null;
    const entries = keys ? await reads.readEntries(tx, ref, keys) : new Map<number, { by: string; text: string }[]>();
    const all = Array.from({ length: sheets ?? 0 }, (_, index) => {
      const readings = entries.get(index + 1) ?? [];
      return { sheet: index + 1, standing: sheetStanding(readings.map((each) => each.text)), isMine: readings.some((each) => each.by === actor.accountId) };
    });
    const count = (of: string, isMine?: boolean) => all.filter((each) => each.standing === of && (isMine === undefined || each.isMine === isMine)).length;
    return {
      batches: batches.map(({ counts, ...batch }) => {
        const mine = counts.find((each) => each.countedBy === actor.accountId);
        const bare = ({ unused, exchanged, castSheets }: (typeof counts)[number]) => ({ unused, exchanged, castSheets });
        return { ...batch, standing: standingOf({ ...batch, counts }), yours: mine ? bare(mine) : null, agreed: agreedCount(counts.map(bare)) ?? null };
      }),
      sheets,
      read: {
        agreed: done ? done.counted + done.spoiled : count('agreed'), differing: all.filter((each) => each.standing === 'differs').map((each) => each.sheet), once: count('once', false),
        next: all.find((each) => !each.isMine && (each.standing === 'unread' || each.standing === 'once'))?.sheet ?? null,
      },
      done, may: done ? ['paper.see'] : mayDo(paperPolicy, actor.memberships.map((each) => each.role), round.phase),
    };
  });
}

function giving(app: WebApp, keyring: Keyring): void {
  serve(app, contract.addBatch, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const number = await writes.addBatch(tx, byOf(round, actor, now), body);
    return number instanceof Refusal ? number : { number };
  });

  serve(app, contract.strikeForPaper, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const terms = await openTerms(tx, fund, round, keyring);
    if (terms instanceof Refusal) return terms;
    const electorId = await findGivenSheet(tx, app, round, body, actor.accountId as string);
    if (electorId instanceof Refusal) return electorId;
    const area = await reads.areaOfElector(tx, { fundId: fund.id, roundId: round.id }, electorId);
    if (area === null) return refuse('not-found');
    const given = { electorId, area, batch: body.batch, keys: terms.keys, recordSize: terms.spec.recordSize };
    return (await writes.strikeForPaper(tx, byOf(round, actor, now), given)) ?? { done: true as const };
  });
}

/** Who stands at the table. Whoever types addresses to learn who is on the roll soon has to wait. */
async function findGivenSheet(tx: Transaction, { services }: WebApp, round: Round, body: BodyOf<typeof contract.strikeForPaper>, accountId: string): Promise<string | Refusal> {
  if ('elector' in body) return body.elector;
  if ('code' in body) return (await findByTypedCode(tx, services, round, body.code)) ?? refuse('wrong-code');
  const wait = await services.limits.codes.wait(`paper:${accountId}`);
  if (wait > 0) return refuse('too-many-tries', { waitSeconds: Math.ceil(wait / 1000) });
  const channel = body.contact.includes('@') ? 'email' : 'sms';
  const address = normaliseAddress(channel, body.contact);
  const found = address === null ? null : await findByContact(tx, round.fundId, round.id, services.secrets.hash('contact', `${channel}:${address}`));
  if (found) return found;
  await services.limits.codes.wrong(`paper:${accountId}`);
  return refuse('not-on-roll');
}

function counting(app: WebApp, keyring: Keyring): void {
  serve(app, contract.countBatch, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const { batch, ...counted } = body;
    const standing = await writes.countBatch(tx, byOf(round, actor, now), batch, counted);
    return standing instanceof Refusal ? standing : { standing };
  });

  serve(app, contract.enterSheet, async ({ tx, fund, actor, params, body, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const terms = await openTerms(tx, fund, round, keyring);
    if (terms instanceof Refusal) return terms;
    const reading = { sheet: body.sheet, ballot: body.kind === 'ballot' ? { area: body.area, lines: body.lines } : null };
    const standing = await writes.enterSheet(tx, byOf(round, actor, now), terms.spec, round.area, terms.keys, reading);
    return standing instanceof Refusal ? standing : { standing };
  });

  serve(app, contract.finishPaper, async ({ tx, services, fund, actor, params, now }) => {
    const round = await findRound(tx, fund.id, params.round);
    if (!round) return refuse('not-found');
    const terms = await openTerms(tx, fund, round, keyring);
    if (terms instanceof Refusal) return terms;
    const finished = await writes.finishPaper(tx, byOf(round, actor, now), terms.keys, terms.spec);
    if (!(finished instanceof Refusal)) await enqueueCount(services, tx);
    return finished;
  });
}
