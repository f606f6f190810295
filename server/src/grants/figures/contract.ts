/** What everybody may know of a grant round. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { grantParams } from '../rounds/contract.ts';

/** A count is null where it is too small to show, or would tell of one that is. */
const table = z.array(z.object({ group: z.string(), count: z.int().nullable() })).nullable();
const days = z.object({ median: z.int(), nineOfTen: z.int() }).nullable();

/** How many promises fell due or were met, and how many of them late; `late` is null from one to nine, all of it below ten. */
export const kept = z.object({ of: z.int(), late: z.int().nullable() }).nullable();
export const promises = z.object({ answers: kept, money: kept });

export const readFigures = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/figures', access: 'anyone',
  summary: 'A grant round in figures and coded rows, up to the first of this month, or all of it once it is closed. Nothing in it is true of fewer than ten people.',
  params: grantParams,
  answer: z.object({
    until: shapes.moment, currency: shapes.currency, title: z.string(), phase: z.string(),
    asked: z.int().nullable(), givenMinor: shapes.levelMinor.nullable(),
    outcomes: table, agree: table, ways: table,
    /** By the charter’s amounts: up to so many minor units. */
    amounts: table,
    /** Purpose codes of 360Giving. */
    purposes: table, appeals: table, daysToAnswer: days, daysToMoney: days,
    /** What was promised by a day, and kept or not. */
    promises,
    /** What was lost in the whole fund until then, as two people confirmed: the price of trusting people. */
    lostMinor: shapes.levelMinor,
    rows: z.array(z.object({ agree: z.string(), way: z.string(), upTo: z.string(), quarter: z.string() })).nullable(),
  }),
  problems: [],
});
