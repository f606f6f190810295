/** Every contract of the house. The app serves each of them, and the tests try each of them. */
import type { RouteContract } from './platform/contract.ts';
import * as discussion from './community/discussion/contract.ts';
import * as adoption from './grants/adoption/contract.ts';
import * as decisions from './grants/decisions/contract.ts';
import * as draws from './grants/draw/contract.ts';
import * as figures from './grants/figures/contract.ts';
import * as payments from './grants/payments/contract.ts';
import * as stories from './grants/stories/contract.ts';
import * as thanks from './grants/thanks/contract.ts';
import * as trust from './grants/trust/contract.ts';
import * as panels from './grants/panels/contract.ts';
import * as requests from './grants/requests/contract.ts';
import * as grantRounds from './grants/rounds/contract.ts';
import * as safeguarding from './grants/safeguarding/contract.ts';
import * as signposts from './grants/signposts/contract.ts';
import * as money from './money/contract.ts';
import * as people from './people/contract.ts';
import * as pictures from './platform/pictures/contract.ts';
import * as cash from './payouts/cash/contract.ts';
import * as disbursements from './payouts/disbursements/contract.ts';
import * as settlements from './payouts/settlements/contract.ts';
import * as till from './payouts/till/contract.ts';
import * as vouchers from './payouts/vouchers/contract.ts';
import * as awards from './rounds/awards/contract.ts';
import * as consent from './rounds/consent/contract.ts';
import * as charter from './rounds/charter/contract.ts';
import * as words from './rounds/words/contract.ts';
import * as rounds from './rounds/contract.ts';
import * as roll from './rounds/roll/contract.ts';
import * as ballots from './votes/ballots/contract.ts';
import * as log from './votes/log/contract.ts';
import * as delivery from './votes/delivery/contract.ts';
import * as projects from './votes/projects/contract.ts';
import * as proposals from './votes/proposals/contract.ts';
import * as areas from './votes/areas/contract.ts';
import * as rules from './votes/rules/contract.ts';
import * as review from './votes/review/contract.ts';
import * as steps from './votes/steps/contract.ts';
import * as sealing from './votes/sealing/contract.ts';
import * as observers from './votes/observers/contract.ts';
import * as setAside from './votes/set-aside/contract.ts';
import * as hall from './votes/hall/contract.ts';
import * as kiosk from './votes/kiosk/contract.ts';
import * as oddities from './votes/oddities/contract.ts';
import * as paper from './votes/paper/contract.ts';
import * as tally from './votes/tally/contract.ts';

const rooms: Record<string, Record<string, unknown>> = { people, pictures, money, vouchers, till, disbursements, settlements, cash, awards, charter, rounds, roll, consent, words, projects, proposals, review, delivery, ballots, log, hall, kiosk, paper, oddities, observers, sealing, setAside, tally, steps, rules, areas, grantRounds, adoption, requests, signposts, safeguarding, decisions, draws, panels, payments, stories, thanks, figures, trust, discussion };

function isContract(value: unknown): value is RouteContract {
  return typeof value === 'object' && value !== null && 'method' in value && 'access' in value;
}

/** Name (`room.export`) and contract, in the order of the rooms. */
export const contracts: ReadonlyMap<string, RouteContract> = new Map(
  Object.entries(rooms).flatMap(([room, exported]) =>
    Object.entries(exported).flatMap(([name, value]) => (isContract(value) ? [[`${room}.${name}`, value] as const] : [])),
  ),
);
