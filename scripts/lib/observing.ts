/** What an observer does on their own machine: keep a key, check a small round with its ballots, sign its seal. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { observerKeyName, sealText } from '../../server/src/votes/published/folder.ts';
import { publicKeyBytes, signNote } from '../../server/src/votes/published/note.ts';
import { askBytes } from '../../server/src/votes/published/observer.ts';
import { statementSchema, type Statement } from '../../server/src/votes/published/record.ts';
import type { Verdict } from '../../server/src/votes/published/verdict.ts';
import { verifyFolder } from '../../server/src/votes/published/verify.ts';

export interface ObserverKey {
  publicKey: Buffer;
  sign(message: Buffer): Buffer;
}

/** A new key as the text of its file. */
export function makeObserverKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** The key in such a file's text. Throws where there is none. */
export function readObserverKey(pem: string): ObserverKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('This file is no key of an observer.');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('This file is a key of another kind than pnpm observer-key makes.');
  return { publicKey: publicKeyBytes(createPublicKey(key)), sign: (message) => sign(null, message, key) };
}

/** Sends to the round's address, or reads where there is no body; throws where it is refused. */
export type Send = (path: string, body?: object) => Promise<unknown>;

export interface Observed {
  verdict: Verdict;
  statement: Statement;
  /** Every file, the ballots among them. */
  files: Map<string, Buffer>;
  /** The signature, to be handed in; null where a promise is broken. */
  note: string | null;
}

/**
 * Asks for the round's ballots with the key, checks everything that `pnpm verify` checks, and signs where all of it holds.
 * The rule is the one that everybody was shown while they voted. Throws where the key is not that of an observer.
 */
export async function observe(send: Send, key: ObserverKey, now: Date): Promise<Observed> {
  const statement = statementSchema.parse(await send('/statement'));
  const at = now.toISOString();
  const answer = (await send('/observing/ballots', { at, signature: key.sign(askBytes(statement.log.origin, at)).toString('hex') })) as { files: Record<string, string> };
  const files = new Map(Object.entries(answer.files).map(([path, text]) => [path, Buffer.from(text, 'utf8')]));
  const index = statement.observers.findIndex(({ publicKey }) => publicKey === key.publicKey.toString('hex'));
  if (index < 0) throw new Error('The round does not name this key as an observer’s.');
  const verdict = await verifyFolder(async (path) => files.get(path) ?? null, { listed: files.keys() });
  const seal = files.get('seal.json');
  const hasBallots = verdict.notes.some((note) => note.name === 'totals-only' && note.hasBallots);
  const isSame = JSON.stringify(statementSchema.parse(JSON.parse(files.get('rule.json')?.toString('utf8') ?? 'null'))) === JSON.stringify(statement);
  // The signatures that are still to come, this one among them.
  const findings = verdict.findings.filter(({ name }) => name !== 'observer-missing');
  const isSound = findings.length === 0 && hasBallots && isSame && seal !== undefined;
  const note = isSound ? signNote(sealText(statement, seal), { name: observerKeyName(statement.log.origin, index), publicKey: key.publicKey }, key.sign) : null;
  return { verdict: { ...verdict, findings }, statement, files, note };
}
