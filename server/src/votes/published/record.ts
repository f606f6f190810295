/**
 * One sealed round as it is published: its shape in memory, and the shapes of the folder's JSON files.
 * Pure. `docs/published-folder.md` describes the files; `folder.ts` writes them and `verify.ts` checks them.
 */
import { z } from 'zod';
import { ruleSchema } from '../counting/rule.ts';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const line = z.string().min(1).max(2000);
const minor = z.int().positive();
const day = z.iso.date();
const whole = z.int().nonnegative();

/** Fewer counted ballots than this are published as totals only, and no batch of leaves is smaller. */
export const SMALLEST_CROWD = 100;

/** Fewer people than this are in no figure of the turnout. */
export const SMALLEST_GROUP = 10;

/** How people choose; the same forms as `ballots/rules.ts` holds ballots to. */
const ballotFormSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('knapsack') }),
  z.strictObject({ kind: z.literal('one') }),
  z.strictObject({ kind: z.literal('up-to'), k: z.int().positive() }),
  z.strictObject({ kind: z.literal('at-least'), k: z.int().positive() }),
  z.strictObject({ kind: z.literal('ranking'), k: z.int().positive() }),
  z.strictObject({ kind: z.literal('points'), total: z.int().positive(), most: z.int().positive() }),
  z.strictObject({ kind: z.literal('scores'), most: z.int().positive() }),
]);

/** Which order decides between projects that the rule leaves level. */
const lot = z.discriminatedUnion('kind', [
  /** The lot of the protocol: `commitment` is H(k lot); `name` and `date` say which public draw is waited for if a tie needs it. */
  z.strictObject({ kind: z.literal('draw'), commitment: hex(32), name: line, date: day }),
  /** The order of the projects on the ballot, frozen with it. */
  z.strictObject({ kind: z.literal('ballot-order') }),
]);

/** rule.json: everything that is frozen before voting opens. */
export const statementSchema = z.strictObject({
  version: z.literal(1),
  host: line,
  fund: line,
  round: z.strictObject({ id: z.guid(), slug: line, title: line }),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Minor units to one unit of the currency. */
  minorPerUnit: z.literal([1, 10, 100, 1000]),
  /** All of the round's money, that of areas with pots of their own included. */
  budgetMinor: minor,
  /** The areas that a ballot may be cast in; a ballot without one has the empty text. */
  areas: z.array(z.string().regex(/^[^\t\n\r]{1,200}$/)),
  ballotForm: ballotFormSchema,
  /** In the order of the ballot. */
  projects: z.array(z.strictObject({
    number: z.string().regex(/^[^\p{Cc}\s]{1,40}$/u), title: line, costMinor: minor, category: line.nullable(), area: line.nullable(),
  })).min(1).max(2000).refine((projects) => new Set(projects.map((each) => each.number)).size === projects.length, 'two projects share a number'),
  /** `digest` is the rule's as it was shown when the rule was frozen: `ruleDigest` of counting/digest.ts. */
  counting: z.strictObject({ rule: ruleSchema, digest: hex(32) }),
  voting: z.strictObject({ opens: z.iso.datetime(), closes: z.iso.datetime() }),
  log: z.strictObject({
    /** `<host name>/rounds/<round id>`: the origin of every head, and the name of the log's key. */
    origin: z.string().regex(/^[^\s+]{1,300}$/),
    /** Ed25519. */
    publicKey: hex(32),
    /** Where copies of the heads are kept. */
    mirrors: z.array(line),
  }),
  lot,
  /** Who checks a round that is too small to be published ballot by ballot. Without a key a name is only a name. */
  observers: z.array(z.strictObject({ name: line, publicKey: hex(32).nullable() })).max(16),
});

export type Statement = z.infer<typeof statementSchema>;

/** Why a logged ballot was not counted. Only `replaced` comes with the voter's void key. */
export const VOID_WHYS = ['replaced', 'no-key', 'other-key', 'voted-on-paper', 'struck'] as const;
export type VoidWhy = (typeof VOID_WHYS)[number];

/** seal.json: what came of the round. */
export const sealSchema = z.strictObject({
  version: z.literal(1),
  /** Of the whole log. */
  size: whole,
  root: hex(32),
  heads: whole,
  counted: whole,
  /** How many ballots were not counted, and why. */
  voided: z.strictObject({ replaced: whole, 'no-key': whole, 'other-key': whole, 'voted-on-paper': whole, struck: whole }),
  /**
   * People on the turnout roll: in all, by how they came, and by area where the roll knows more than one (empty for people of
   * none). `null` is a number too small to be shown, or one from which such a number would follow.
   */
  turnout: z.strictObject({
    people: whole,
    channels: z.array(z.strictObject({ channel: line, people: whole.nullable() })),
    areas: z.array(z.strictObject({ area: z.string().max(200), people: whole.nullable() })).min(2).optional(),
  }),
  /** Paper ballots that say nothing countable: their people are in the turnout. */
  spoiledPaper: whole,
  /** Entries that two officers struck between the close and the sealing. */
  strikes: z.array(z.strictObject({ on: day, reason: line })),
  totalsOnly: z.boolean(),
  /** `key` is k lot, revealed; `draw` stands here where a tie needed it, with each planned draw that did not take place, or was too early for the last head, signed at `lastHeadAt`. Null without a lot. */
  lot: z.strictObject({
    key: hex(32),
    draw: z.strictObject({ date: day, text: line, missed: z.array(day), lastHeadAt: z.iso.datetime().optional() }).nullable(),
    seed: hex(32).nullable(),
  }).nullable(),
  /** SHA-256 of each of the folder's other data files. */
  files: z.record(z.string(), hex(32)),
});

export type Seal = z.infer<typeof sealSchema>;

/** hall.json: the order of the projects in the hall, where one was announced. */
export const hallOrderSchema = z.strictObject({
  version: z.literal(1),
  /** `commitment` is SHA-256 of the secret: shown before the draw. */
  announced: z.strictObject({ how: line, at: z.iso.datetime(), commitment: hex(32) }),
  /** `seed` is H(D(commonpot.order.v1) || round16 || secret || text); projects by HMAC-SHA256(seed, number). Null where nothing was drawn. */
  drawn: z.strictObject({ text: line, at: z.iso.datetime(), secret: hex(32), seed: hex(32), order: z.array(z.string()) }).nullable(),
});

export type HallOrder = z.infer<typeof hallOrderSchema>;

/** A counted ballot with its opening. */
export interface Counted {
  leaf: Buffer;
  void: Buffer;
  salt: Buffer;
  ballot: Buffer;
}

/** A logged ballot that was not counted: its hidden body, and the key that its voter withdrew it with, or why there is none. */
export interface Voided {
  leaf: Buffer;
  void: Buffer;
  body: Buffer;
  /** There exactly where `why` is `replaced`. */
  voidKey: Buffer | null;
  why: VoidWhy;
}

/** A round after its seal, with everything that only its operator knows. The order of `counted` and `voided` does not matter. */
export interface SealedRound {
  statement: Statement;
  /** 32 bytes each, in the order of the log. */
  leaves: readonly Buffer[];
  /** Signed notes, one a batch, the smallest first; the last is of the whole log. See `checkpoint` in note.ts. */
  heads: readonly string[];
  counted: readonly Counted[];
  voided: readonly Voided[];
  turnout: Seal['turnout'];
  spoiledPaper: number;
  strikes: Seal['strikes'];
  lot: Seal['lot'];
  /** Only where an order in the hall was announced. */
  hall?: HallOrder;
  /** Signed notes over `sealText`, one from each observer who holds a key; their signatures are joined to the host's. */
  observed: readonly string[];
  /** Why it is published without the signatures that are missing, on one line. */
  waived?: string;
}
