/** What an invariant is, for every room that keeps some, and the ones about the database itself. */

export interface Invariant {
  /** `levels-are-sums`: what a failing check is called. */
  name: string;
  /** What holds, in one sentence. */
  sentence: string;
  /** `fund`: asked once in each fund's scope, with `current_fund()` set. `database`: asked once. */
  scope: 'fund' | 'database';
  /** Answers one row for each thing that breaks it: ids and amounts, nothing personal. */
  sql: string;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const rows = (pairs: readonly (readonly string[])[]) => `(values ${pairs.map((pair) => `(${pair.map(quoted).join(', ')})`).join(', ')})`;
const pairsOf = (expected: Record<string, readonly string[]>) => Object.entries(expected).flatMap(([table, names]) => names.map((name) => [table, name]));

/** Each named constraint is on its table, validated and enforced. */
export function constraintsStand(name: string, sentence: string, expected: Record<string, readonly string[]>): Invariant {
  return {
    name, sentence, scope: 'database',
    sql: `select e.t as table, e.c as constraint from ${rows(pairsOf(expected))} e (t, c)
      left join pg_constraint c on c.conrelid = to_regclass(e.t) and c.conname = e.c
      where c.oid is null or not c.convalidated or not c.conenforced`,
  };
}

/** Each named trigger is on its table, and no trigger of these tables, those behind foreign keys included, is switched off. */
export function triggersStand(name: string, sentence: string, expected: Record<string, readonly string[]>): Invariant {
  return {
    name, sentence, scope: 'database',
    sql: `select e.t as table, e.g as trigger from ${rows(pairsOf(expected))} e (t, g)
      where not exists (select from pg_trigger g where g.tgrelid = to_regclass(e.t) and g.tgname = e.g)
      union all select g.tgrelid::regclass::text, g.tgname from pg_trigger g
      where g.tgrelid in (select to_regclass(t) from ${rows(Object.keys(expected).map((table) => [table]))} e (t)) and g.tgenabled not in ('O', 'A')`,
  };
}

/** On these tables the application may insert or not, update only the columns named, and never delete; it owns none and is no superuser. */
export function privilegesStand(name: string, sentence: string, expected: Record<string, { insert: boolean; update?: readonly string[] }>): Invariant {
  const tables = rows(Object.entries(expected).map(([table, { insert }]) => [table, insert ? 'yes' : 'no']));
  const columns = Object.entries(expected).flatMap(([table, { update = [] }]) => update.map((column) => [table, column]));
  return {
    name, sentence, scope: 'database',
    sql: `select e.t as table, p.privilege from ${tables} e (t, may_insert), (values ('INSERT'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) p (privilege)
      where to_regclass(e.t) is null or (has_table_privilege('commonpot_app', e.t, p.privilege) and (p.privilege <> 'INSERT' or e.may_insert = 'no'))
      union all select e.t, 'UPDATE ' || a.attname from ${tables} e (t, may_insert) join pg_attribute a on a.attrelid = to_regclass(e.t) and a.attnum > 0 and not a.attisdropped
      where has_column_privilege('commonpot_app', a.attrelid, a.attnum, 'UPDATE')
        ${columns.length > 0 ? `and (e.t, a.attname::text) not in (select * from ${rows(columns)} c (t, a))` : ''}
      union all select e.t, 'owner' from ${tables} e (t, may_insert) join pg_class c on c.oid = to_regclass(e.t) where pg_has_role('commonpot_app', c.relowner, 'MEMBER')
      union all select 'commonpot_app', 'above the rules' from pg_roles where rolname = 'commonpot_app' and (rolsuper or rolbypassrls)`,
  };
}

/** Row-level security is on and forced, and every policy of these tables asks for the fund in scope. */
export function rowsAreScoped(name: string, sentence: string, tables: readonly string[]): Invariant {
  return {
    name, sentence, scope: 'database',
    sql: `select e.t as table from ${rows(tables.map((table) => [table]))} e (t) left join pg_class c on c.oid = to_regclass(e.t)
      where c.oid is null or not c.relrowsecurity or not c.relforcerowsecurity
        or not exists (select from pg_policy p where p.polrelid = c.oid)
        or exists (select from pg_policy p where p.polrelid = c.oid and coalesce(pg_get_expr(p.polqual, p.polrelid), '') <> '(fund_id = current_fund())')`,
  };
}
