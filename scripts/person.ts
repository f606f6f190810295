/** `pnpm person ADDRESS`: what is held about whoever signs in with an address, and forgetting them. `--help` says the rest. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { connectOwner } from '@commonpot/db/migrate';
import { normaliseAddress } from '@commonpot/server/people/rules';
import { makeSecrets } from '@commonpot/server/platform/secrets';
import { run, Stop } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';

const HELP = `pnpm person ADDRESS [--forget] [--json]

Says what is held about whoever signs in with an email address or a telephone number, fund by fund: how many rows of which
table point at them, under which names, on which rolls they stand, and where they asked for money. Addresses are held as keyed
hashes, and sealed where somebody asked for money.

  --forget   takes away what leads to them: the hash of their addresses, sessions and cards, their names, and their entries
             on rolls of rounds in which nobody votes and nothing is counted at the moment; the words and names of their
             comments, the name and contact behind their ideas, and of what they asked a fund for everything but the
             figures, unless an answer or money is still on its way. Ideas, money and decisions stay,
             by a random id that leads to nobody. It cannot be undone. Backups from before hold them still.
  --json     one JSON object: account, held (fund, what, rows), names, rolls (fund, round, phase), asked (fund, applicant,
             requests, open), forgotten`;

interface Held {
  account: string | null;
  held: { fund: string | null; what: string; rows: number }[];
  names: { fund: string; name: string }[];
  rolls: { fund: string; round: string; phase: string }[];
  /** Where they asked for money; `open` of the requests wait for an answer, or for their money. */
  asked: { fund: string; applicant: string; requests: number; open: number }[];
}

const scope = (client: pg.Client, name: string, value: string) => client.query(`select set_config($1, $2, true)`, [`commonpot.${name}`, value]);

/** What points at the account behind an address (a keyed hash), inside the caller's transaction. */
async function findHeld(client: pg.Client, contactHash: Buffer): Promise<Held> {
  await scope(client, 'contact', contactHash.toString('hex'));
  const { rows: [contact] } = await client.query<{ account_id: string }>('select account_id from account_contact where contact_hash = $1', [contactHash]);
  const account = contact?.account_id ?? null;
  const { rows: columns } = await client.query<{ name: string; column: string; fund: boolean }>(`
    select c.relname as name, a.attname as column, exists (select from pg_attribute f where f.attrelid = c.oid and f.attname = 'fund_id') and c.relrowsecurity as fund
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.confrelid = 'account'::regclass and cardinality(k.conkey) = 1 order by 1, 2`);
  const held: Held = { account, held: [], names: [], rolls: [], asked: [] };
  const count = async (fund: string | null, { name, column }: { name: string; column: string }): Promise<void> => {
    const { rows: [found] } = await client.query<{ rows: number }>(`select count(*)::int as rows from "${name}" where "${column}" = $1`, [account]);
    if (found && found.rows > 0) held.held.push({ fund, what: `${name}.${column}`, rows: found.rows });
  };
  if (account) {
    await scope(client, 'account', account);
    for (const column of columns.filter((each) => !each.fund)) await count(null, column);
    await scope(client, 'account', '');
  }
  for (const { id, slug } of (await client.query<{ id: string; slug: string }>('select id, slug from fund order by slug')).rows) {
    await scope(client, 'fund', id);
    if (account) {
      for (const column of columns.filter((each) => each.fund)) await count(slug, column);
      const { rows: names } = await client.query<{ name: string }>('select name from membership where account_id = $1 and fund_id = $2 union select name from member_invitation where account_id = $1 and fund_id = $2', [account, id]);
      held.names.push(...names.map(({ name }) => ({ fund: slug, name })));
    }
    const { rows: rolls } = await client.query<{ round: string; phase: string }>(`
      select r.slug as round, r.phase from roll_entry e join round r on r.fund_id = e.fund_id and r.id = e.round_id where e.contact_hash = $1 order by 1`, [contactHash]);
    held.rolls.push(...rolls.map((each) => ({ fund: slug, ...each })));
    held.asked.push(...(await findAsked(client, contactHash)).map((each) => ({ fund: slug, ...each })));
  }
  return held;
}

/** Who asked under this address in the fund in scope. */
async function findAsked(client: pg.Client, contactHash: Buffer): Promise<{ applicant: string; requests: number; open: number }[]> {
  const { rows } = await client.query<{ applicant: string; requests: number; open: number }>(`
    select a.id as applicant, count(r.id)::int as requests, (count(*) filter (where r.state in ('asked', 'half', 'listed', 'appealed') or (r.state = 'awarded' and not exists (
      select from award_payment p
      left join voucher v on v.fund_id = p.fund_id and v.id = p.voucher_id left join ledger_level l on l.fund_id = v.fund_id and l.account_id = v.account_id
      left join cash_payment c on c.fund_id = p.fund_id and c.id = p.cash_id left join payout o on o.fund_id = p.fund_id and o.disbursement_id = p.disbursement_id
      where p.fund_id = r.fund_id and p.request_id = r.id and p.ended_as is distinct from 'failed' and (l.balance_minor = 0 or c.state = 'collected' or o.state = 'paid')))))::int as open
    from applicant a left join request r on r.fund_id = a.fund_id and r.applicant_id = a.id where a.contact_hash = $1 group by a.id`, [contactHash]);
  return rows;
}

/** Erases somebody who asked for money in the fund in scope, as the charter's date would. */
async function forgetApplicant(client: pg.Client, applicant: string, now: Date): Promise<void> {
  await client.query(`update payment_bank b set sealed_account = null, erased_at = $2 from request r where r.fund_id = b.fund_id and r.id = b.request_id and r.applicant_id = $1 and b.erased_at is null`, [applicant, now]);
  await client.query(`update story s set sealed_words = null, consents = false, published_by = null, published_at = null, gone_at = $2 from request r where r.fund_id = s.fund_id and r.id = s.request_id and r.applicant_id = $1 and s.gone_at is null`, [applicant, now]);
  // A worry that was told ends with them: a lead alone would take it out.
  await client.query(`select set_config('commonpot.forget_before', 'infinity', true)`);
  await client.query('delete from disclosure d using request r where r.fund_id = d.fund_id and r.id = d.request_id and r.applicant_id = $1', [applicant]);
  await client.query(`select set_config('commonpot.forget_before', '', true)`);
  const { rows } = await client.query<{ id: string }>('select id from request where applicant_id = $1 and erased_at is null', [applicant]);
  for (const { id } of rows) await client.query('update request set sealed_words = null, sealed_name = null, token_hash = $2, told_hash = null, erased_at = $3 where id = $1', [id, randomBytes(32), now]);
  await client.query('update applicant set contact_hash = null, sealed_contact = null, sealed_name = null, household_hash = null, household_until = null, erased_at = $2 where id = $1', [applicant, now]);
}

/** Takes away what leads to a person, inside the caller's transaction. Entries of rolls in use stay. */
async function forget(client: pg.Client, { account, asked }: Held, contactHash: Buffer, now: Date): Promise<void> {
  for (const { id, slug } of (await client.query<{ id: string; slug: string }>('select id, slug from fund')).rows) {
    await scope(client, 'fund', id);
    if (account) await client.query(`update membership set name = 'Somebody', ended_at = coalesce(ended_at, $3) where account_id = $1 and fund_id = $2`, [account, id, now]);
    if (account) {
      await client.query(`update member_invitation set dropped_by = account_id, settled_at = $3 where account_id = $1 and fund_id = $2 and settled_at is null`, [account, id, now]);
      await client.query(`update member_invitation set name = 'Somebody' where account_id = $1 and fund_id = $2`, [account, id]);
      await client.query('update panel_volunteer set sealed_contact = null, ended_at = coalesce(ended_at, $3) where account_id = $1 and fund_id = $2', [account, id, now]);
      await client.query(`update comment set words = null, name = null, gone = 'erased', gone_at = $3 where account_id = $1 and fund_id = $2 and gone is null`, [account, id, now]);
      await client.query('delete from proposal_person p using proposal q where q.fund_id = p.fund_id and q.id = p.proposal_id and q.author_id = $1 and p.fund_id = $2', [account, id]);
    }
    for (const { applicant } of asked.filter((each) => each.fund === slug && each.open === 0)) await forgetApplicant(client, applicant, now);
    await client.query(`delete from roll_entry e using round r where e.contact_hash = $1 and r.fund_id = e.fund_id and r.id = e.round_id and r.phase not in ('voting', 'counting')`, [contactHash]);
  }
  for (const table of ['sign_in_challenge', 'sign_in_claim', 'number_holder']) await client.query(`delete from ${table} where contact_hash = $1`, [contactHash]);
  if (!account) return;
  await scope(client, 'account', account);
  for (const table of ['account_contact', 'session', 'sign_in_card', 'account_browser', 'recovery_code', 'number_holder', 'sign_in_challenge', 'sign_in_claim']) await client.query(`delete from ${table} where account_id = $1`, [account]);
}

async function main(): Promise<void> {
  const { values, positionals: [address, ...more] } = parseArgs({
    allowPositionals: true, options: { forget: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  if (!address || more.length > 0) throw new Stop(`Name one address.\n\n${HELP}`);
  const channel = address.includes('@') ? 'email' : 'sms';
  const normal = normaliseAddress(channel, address);
  if (!normal) throw new Stop(`${address} is no email address and no telephone number.`);
  const environment = await openEnvironment();
  try {
    const { databaseUrl, secret } = environment.config;
    const contactHash = makeSecrets(secret).hash('contact', `${channel}:${normal}`);
    const client = await connectOwner(databaseUrl);
    try {
      await client.query('begin');
      const held = await findHeld(client, contactHash);
      const isKnown = held.account !== null || held.rolls.length > 0 || held.asked.length > 0;
      if (values.forget && isKnown) await forget(client, held, contactHash, new Date());
      await client.query('commit');
      report(held, isKnown, values.forget && isKnown, values.json);
    } finally {
      await client.end();
    }
  } finally {
    await environment.close();
  }
}

function report(held: Held, isKnown: boolean, forgotten: boolean, json: boolean): void {
  if (json) return console.log(JSON.stringify({ ...held, forgotten }));
  if (!isKnown) return console.log('Nothing is held about this address.');
  for (const { fund, name } of held.names) console.log(`${fund}: known as ${name}`);
  for (const { fund, what, rows } of held.held) console.log(`${fund ?? 'every fund'}: ${rows} of ${what}`);
  for (const { fund, round, phase } of held.rolls) console.log(`${fund}: on the roll of ${round} (${phase})`);
  for (const { fund, requests, open } of held.asked) console.log(`${fund}: asked for money ${requests} times, ${open} of them not over`);
  if (!forgotten) return;
  console.log('\nForgotten: nothing leads to this person any more.');
  const kept = held.rolls.filter(({ phase }) => phase === 'voting' || phase === 'counting');
  if (kept.length > 0) console.log(`Still on the roll of ${kept.map(({ round }) => round).join(', ')}: run this again once it is counted.`);
  const open = held.asked.filter((each) => each.open > 0);
  if (open.length > 0) console.log(`What they asked ${open.map(({ fund }) => fund).join(', ')} for is not over: run this again once it is.`);
}

await run(main);
