/**
 * What the judge of a simulated year goes by: the event record, the ledger, and the tables beside them, as plain rows read by
 * SQL. It leans on nothing of the product, so that the product's mistakes are not its own.
 */
import type pg from 'pg';

export interface Happening {
  id: string;
  name: string;
  subject: Record<string, string>;
  actor: string | null;
  /** Milliseconds. */
  at: number;
}

export interface Transfer {
  id: string;
  from: string;
  to: string;
  amount: number;
  kind: string;
  subject: string | null;
  at: number;
}

export interface Account {
  id: string;
  kind: string;
  subject: string;
  level: number | null;
}

/** As much of a charter as is judged; amounts in minor units. */
export interface Charter {
  bands: { upToMinor: number; agree: string }[];
  periodDays: number;
  cooldownDays: number;
  householdCapMinor: number | null;
  atOnceDailyMinor: number | null;
  panelSeats: number | null;
  order: { kind: string; firstTimeTickets?: number; missedTickets?: number; mostTickets?: number };
  dispute: { appealDays: number };
}

export interface Round {
  id: string;
  kind: string;
  charter: Charter;
  charterVersion: number;
  charterDigest: string;
}

export interface RequestRow {
  id: string;
  reference: string;
  round: string;
  amount: number;
  agree: string;
  state: string;
  apart: boolean;
  heldAt: number | null;
}

export interface DrawRow {
  id: string;
  round: string;
  number: number;
  name: string;
  on: string;
  committedAt: number;
  terms: string;
  pool: string;
  isEnough: boolean;
  drawnOn: string | null;
  text: string | null;
  seed: string | null;
  drawnAt: number | null;
}

export interface EntryRow {
  draw: string;
  request: string;
  code: string;
  tickets: number | null;
  firstTime: boolean;
  missedBefore: number;
  askedAgain: boolean;
  place: number | null;
  letAt: number | null;
  letAs: string | null;
}

export interface PanelRow {
  id: string;
  round: string;
  seats: number;
  pool: { code: string; area: string; served: number }[];
  digest: string;
  seed: string | null;
  committedBy: string;
  drawnBy: string | null;
  /** Codes in the order in which they are asked, and who is behind each. */
  places: { code: string; account: string; place: number | null; state: string }[];
}

export interface FundRecord {
  events: Happening[];
  transfers: Transfer[];
  accounts: Map<string, Account>;
  rounds: Map<string, Round>;
  requests: Map<string, RequestRow>;
  decisions: { request: string; seat: string; verdict: string; account: string }[];
  awards: { id: string; request: string; amount: number }[];
  /** Vouchers, cash and transfers that were begun, by id, with the account that each was paid from. */
  carried: Map<string, string>;
  /** The instruction that each bank transfer carried out. */
  payouts: Map<string, string>;
  draws: DrawRow[];
  entries: EntryRow[];
  panels: PanelRow[];
  /** Members' names by account. */
  names: Map<string, string>;
}

const ms = (column: string, as: string): string => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`;

/** Reads everything of one fund as one moment sees it: `client` is in a transaction that sees one. */
export async function readRecord(client: pg.ClientBase, fundId: string): Promise<FundRecord> {
  await client.query(`select set_config('commonpot.fund', $1, true)`, [fundId]);
  const rows = async <T>(text: string): Promise<T[]> => (await client.query(text, [fundId])).rows as T[];
  const events = await rows<Happening>(`select id, name, subject, actor_id as actor, ${ms('at', 'at')} from event where fund_id = $1 order by id`);
  const transfers = await rows<Transfer>(`select id, from_account_id as "from", to_account_id as "to", amount_minor::float8 as amount, kind, subject_id as subject, ${ms('at', 'at')} from transfer where fund_id = $1 order by at, id`);
  const accounts = await rows<Account>(`select a.id, a.kind, a.subject_id as subject, l.balance_minor::float8 as level from ledger_account a left join ledger_level l on l.fund_id = a.fund_id and l.account_id = a.id where a.fund_id = $1`);
  const rounds = await rows<Round>(`select g.id, g.kind, c.content as charter, c.version as "charterVersion", encode(c.digest, 'hex') as "charterDigest" from grant_round g join charter c on c.fund_id = g.fund_id and c.id = g.charter_id where g.fund_id = $1`);
  const requests = await rows<RequestRow>(`select r.id, r.reference, r.grant_round_id as round, r.amount_minor::float8 as amount, r.agree, r.state, r.asks_apart as apart, ${ms('h.held_at', 'heldAt')}
    from request r left join request_hold h on h.fund_id = r.fund_id and h.request_id = r.id where r.fund_id = $1`);
  const carried = await rows<{ id: string; from: string }>(`select id, reservation_id as "from" from voucher where fund_id = $1 union all select id, reservation_id from cash_payment where fund_id = $1
    union all select id, source_account_id from disbursement where fund_id = $1`);
  const names = await rows<{ account: string; name: string }>('select account_id as account, name from membership where fund_id = $1');
  return {
    events, transfers, accounts: byId(accounts), rounds: byId(rounds), requests: byId(requests),
    decisions: await rows('select request_id as request, seat, verdict, account_id as account from request_decision where fund_id = $1'),
    awards: await rows(`select id, subject_id as request, amount_minor::float8 as amount from award where fund_id = $1 and grant_round_id is not null`),
    carried: new Map(carried.map(({ id, from }) => [id, from])),
    payouts: new Map((await rows<{ id: string; of: string }>('select id, disbursement_id as of from payout where fund_id = $1')).map(({ id, of }) => [id, of])),
    draws: await rows(`select id, grant_round_id as round, number, draw_name as name, draw_on::text as "on", ${ms('committed_at', 'committedAt')}, encode(terms_digest, 'hex') as terms, encode(pool_digest, 'hex') as pool,
      is_enough as "isEnough", drawn_on::text as "drawnOn", text, encode(seed, 'hex') as seed, ${ms('drawn_at', 'drawnAt')} from grant_draw where fund_id = $1 and committed_at is not null order by committed_at, id`),
    entries: await rows(`select draw_id as draw, request_id as request, code, tickets, first_time as "firstTime", missed_before as "missedBefore", asked_again as "askedAgain", place, ${ms('let_at', 'letAt')}, let_as as "letAs" from draw_entry where fund_id = $1`),
    panels: await rows(`select p.id, p.grant_round_id as round, p.seats, p.pool, encode(p.pool_digest, 'hex') as digest, p.seed, p.committed_by as "committedBy", p.drawn_by as "drawnBy",
      (select json_agg(json_build_object('code', s.code, 'account', s.account_id, 'place', s.place, 'state', s.state) order by s.place, s.code) from panel_seat s where s.fund_id = p.fund_id and s.panel_id = p.id) as places
      from panel p where p.fund_id = $1`),
    names: new Map(names.map(({ account, name }) => [account, name])),
  };
}

const byId = <T extends { id: string }>(rows: readonly T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]));
