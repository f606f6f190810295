/** Serves the ballot's contracts. Nothing here writes a log line, an event, a job or a session. */
import type { Transaction } from '@commonpot/db/client';
import { Refusal, refuse } from '../../platform/problems.ts';
import type { Actor, FundScope } from '../../platform/actor.ts';
import { serve, serveApart } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { consentOf } from '../../rounds/consent/reads.ts';
import { mayCast } from '../../rounds/consent/rules.ts';
import type { KeyStore } from '../../platform/keys.ts';
import { resolveElector } from '../../rounds/roll/reads.ts';
import { openLogKey, signReceipt, type LogSigner } from '../log/signer.ts';
import { openBallotBox } from './box.ts';
import * as contract from './contract.ts';
import { makeKeyring, type Keyring } from './keyring.ts';
import { ballotBytes, leafOf, markOf, openBox, readRecord, receiptCode, sealRecord, slotOf, uuidBytes, voidOf, writeRecord, type RoundKeys } from './protocol.ts';
import { countBallots, readBallotRound, readClosing, readSlot, type BallotRound } from './reads.ts';
import { areaOnBallot, orderLines } from './rules.ts';
import type { CastTarget } from './writes.ts';

const TURNOUT_MINUTES = 10;
const NO_KEY = Buffer.alloc(32);

export function ballotRoutes(app: WebApp): void {
  const keyring = makeKeyring(app.services.keys);
  const findSigner = cacheSigner(app.services.keys);
  const box = openBallotBox(app.services.db.$client, app.services.clock);
  const findRound = cacheRounds();

  serve(app, contract.readBallot, async ({ tx, fund, actor, params }) => {
    const voter = await findVoter(tx, fund, actor, params.round, findRound, keyring);
    if (voter instanceof Refusal) return voter;
    const { round, keys, electorId, area } = voter;
    const closing = await readClosing(tx, fund.id, round.id);
    if (!closing?.closesAt) return refuse('voting-not-open');
    if (closing.sealedAt) return refuse('voting-closed');
    const ballot = await readSlot(tx, round.id, slotOf(keys, uuidBytes(electorId)));
    return {
      round: uuidBytes(round.id).toString('hex'), area, closesAt: closing.closesAt.toISOString(),
      current: ballot && !ballot.struck ? ballot.mark.toString('hex') : null, votedOnPaper: ballot?.struck ?? false,
    };
  });

  serveApart(app, contract.castBallot, async ({ tx, fund, actor, params, body, now }) => {
    const voter = await findVoter(tx, fund, actor, params.round, findRound, keyring);
    if (voter instanceof Refusal) return voter;
    const { round, keys, electorId, area } = voter;
    if (!mayCast((await consentOf(tx, round, electorId, now)).state)) return refuse('consent-missing');
    // A ballot without its receipt would be a promise that nobody can prove.
    const signer = await findSigner();
    if (!signer) return refuse('round-key-missing');
    const lines = orderLines(round, body.lines, area);
    if (typeof lines === 'string') return refuse('illegal-ballot', { reason: lines });
    const ballot = ballotBytes(area, lines);
    const roundId = uuidBytes(round.id);
    const [salt, voidHash] = [Buffer.from(body.salt, 'hex'), Buffer.from(body.void, 'hex')];
    const leaf = leafOf(roundId, voidHash, salt, ballot);
    const slot = slotOf(keys, uuidBytes(electorId));
    const record = writeRecord({ kind: 'online', why: 'none', void: voidHash, voidKey: NO_KEY, salt, ballot }, round.recordSize);
    return {
      leaf, roundId, signer, target: castTarget(round, keys),
      cast: {
        slot, mark: markOf(keys, leaf), box: sealRecord(keys, roundId, slot, record),
        replaces: body.replaces ? Buffer.from(body.replaces, 'hex') : null, oldVoidKey: body.oldVoidKey ? Buffer.from(body.oldVoidKey, 'hex') : null,
      },
    };
  }, async ({ leaf, roundId, signer, target, cast }) => {
    const result = await box.cast(target, cast);
    if (result !== 'in') return refuse(result);
    return { leaf: leaf.toString('hex'), code: receiptCode(leaf), current: cast.mark.toString('hex'), receipt: signReceipt(signer, roundId, leaf).toString('hex') };
  });

  turnoutRoute(app, findRound, keyring);
}

type FindRound = (tx: Transaction, fund: FundScope, slug: string) => Promise<BallotRound | null>;

/** What is frozen is read once a process. */
function cacheRounds(): FindRound {
  const known = new Map<string, BallotRound>();
  return async (tx, fund, slug) => {
    const key = `${fund.id}/${slug}`;
    const found = known.get(key) ?? (await readBallotRound(tx, fund.id, slug));
    if (found) known.set(key, found);
    return found;
  };
}

/** The log's key is read once a process. */
function cacheSigner(store: KeyStore): () => Promise<LogSigner | null> {
  let known: LogSigner | null = null;
  return async () => (known ??= await openLogKey(store));
}

async function findVoter(tx: Transaction, fund: FundScope, actor: Actor, slug: string, findRound: FindRound, keyring: Keyring) {
  const round = await findRound(tx, fund, slug);
  if (!round) return refuse('voting-not-open');
  const elector = await resolveElector(tx, { actor, fundId: fund.id, roundId: round.id });
  if (elector instanceof Refusal) return elector;
  const keys = await keyring.open(round.id);
  if (keys) return { round, keys, electorId: elector.electorId, area: areaOnBallot(round, elector.area) };
  return refuse((await readClosing(tx, fund.id, round.id))?.sealedAt ? 'voting-closed' : 'round-key-missing');
}

/** How ballots that are replaced are kept: with their void key where it fits, and with the reason where there is none. */
function castTarget(round: BallotRound, keys: RoundKeys): CastTarget {
  const roundId = uuidBytes(round.id);
  return {
    fundId: round.fundId, roundId: round.id,
    retire(old, oldVoidKey) {
      const record = readRecord(openBox(keys, roundId, old.slot, old.box));
      const fits = oldVoidKey !== null && voidOf(oldVoidKey).equals(record.void);
      const why = fits ? 'none' : oldVoidKey ? 'other-key' : 'no-key';
      return sealRecord(keys, roundId, old.mark, writeRecord({ ...record, why, voidKey: fits ? oldVoidKey : NO_KEY }, round.recordSize));
    },
  };
}

/** One total every ten minutes, so that nobody can watch a single ballot come in. */
function turnoutRoute(app: WebApp, findRound: FindRound, keyring: Keyring): void {
  const totals = new Map<string, { at: number; ballots: number; asOf: string }>();
  serve(app, contract.readTurnout, async ({ tx, fund, params, now }) => {
    const round = await findRound(tx, fund, params.round);
    if (!round) return { ballots: 0, asOf: now.toISOString() };
    // Ten minutes after the last count, not by the clock's face: on both sides of a full hour two counts could be a moment apart.
    let total = totals.get(round.id);
    if (!total || now.getTime() >= total.at + TURNOUT_MINUTES * 60_000) {
      totals.set(round.id, (total = { at: now.getTime(), ballots: await countBallots(tx, round.id, await keyring.open(round.id)), asOf: now.toISOString() }));
    }
    return { ballots: total.ballots, asOf: total.asOf };
  });
}
