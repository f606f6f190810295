/**
 * The limits of the charter, measured anew for every award. What was given counts for the period from the day it was given,
 * and what is still open counts until it ends; a request is measured when it is asked, or when an appeal gives it.
 */
import type { Finding } from './case.ts';
import type { Charter, FundRecord } from './record.ts';
import type { Story } from './steps.ts';

const DAY = 24 * 3600_000;
const STRICTNESS = ['at-once', 'one', 'two', 'panel'];

/** Caps of a person and of a door, the time between, the day's sum that is given at once, and the band of each amount. */
export function judgeLimits({ requests }: Pick<FundRecord, 'requests'>, stories: ReadonlyMap<string, Story>): Finding[] {
  const given = [...stories.values()].filter((story) => story.awardedTurn !== null);
  const people = Map.groupBy(given, (story) => story.asker.contact ?? `applicant ${story.applicant}`);
  const doors = Map.groupBy(given.filter((story) => !story.asker.apart), (story) => story.asker.door);
  const apart = new Set([...stories.values()].filter((story) => story.asker.apart).map((story) => story.applicant));
  const asked = Map.groupBy(stories.values(), (story) => story.applicant);
  const findings: Finding[] = [];
  for (const story of given) {
    const say = (rule: string): void => void findings.push({ rule, what: story.id });
    const others = (people.get(story.asker.contact ?? `applicant ${story.applicant}`) ?? []).filter((each) => each !== story);
    judgePerson(story, others, requests.get(story.id)?.apart ?? false, say);
    if (story.asker.apart || apart.has(story.applicant)) continue;
    judgeDoor(story, (doors.get(story.asker.door) ?? []).filter((each) => !apart.has(each.applicant) && isDoorKnown(asked.get(each.applicant) ?? [], story.awardedAt ?? 0)), say);
  }
  return [...findings, ...judgeAtOnce(given)];
}

type Say = (rule: string) => void;

/** Whether an award stood when another was given: it had not gone back. */
const stands = (other: Story, turn: number): boolean => other.returnedTurn === null || other.returnedTurn > turn;

/** The band an amount falls into, by what somebody has together with it. */
const bandOf = ({ bands }: Charter, minor: number): string => bands.find((band) => minor <= band.upToMinor)?.agree ?? 'never';

function judgePerson(story: Story, others: readonly Story[], apart: boolean, say: Say): void {
  const { charter, measuredAt, measuredTurn, awardedTurn, amount, agree } = story;
  const inPeriod = (other: Story): boolean => (other.awardedAt ?? 0) > measuredAt - charter.periodDays * DAY && stands(other, measuredTurn);
  // Measured before it, and given at some time: open or given then, and so counted.
  const counted = others.filter((other) => other.measuredTurn < measuredTurn && inPeriod(other) && stands(other, awardedTurn ?? 0));
  const sum = counted.reduce((total, other) => total + other.amount, amount);
  if (sum > (charter.bands.at(-1)?.upToMinor ?? 0)) say('over-cap');
  // Given before it for certain, whatever else was open.
  const had = others.filter((other) => (other.awardedTurn ?? Infinity) < measuredTurn && inPeriod(other));
  const band = bandOf(charter, had.reduce((total, other) => total + other.amount, amount));
  const needed = apart && STRICTNESS.indexOf(band) < STRICTNESS.indexOf('two') ? 'two' : band;
  if (!STRICTNESS.includes(needed) || STRICTNESS.indexOf(agree) < STRICTNESS.indexOf(needed)) say('band-too-low');
  if (had.some((other) => (other.awardedAt ?? 0) + charter.cooldownDays * DAY > measuredAt)) say('too-soon');
}

/** Whether the fund still has somebody's door: each charter keeps it from asking and from the award for as long as its own limits count, and no longer. */
const isDoorKnown = (theirs: readonly Story[], at: number): boolean => theirs.some(({ asker, charter, askedAt, awardedAt }) => {
  const last = awardedAt !== null && awardedAt <= at ? awardedAt : askedAt;
  return !asker.apart && askedAt <= at && last + Math.max(charter.periodDays, charter.cooldownDays) * DAY > at;
});

/** What a door was given in the period, this award included, is within what the charter gives a door. */
function judgeDoor(story: Story, atDoor: readonly Story[], say: Say): void {
  const { charter, awardedAt, awardedTurn, amount, applicant } = story;
  if (charter.householdCapMinor === null || awardedAt === null || awardedTurn === null) return;
  const before = atDoor.filter((other) => other !== story && (other.awardedTurn ?? Infinity) < awardedTurn && (other.awardedAt ?? 0) > awardedAt - charter.periodDays * DAY && stands(other, awardedTurn));
  // The cap of a door is met by others at it; alone, somebody is held to their own.
  if (before.every((other) => other.applicant === applicant)) return;
  if (before.reduce((total, other) => total + other.amount, amount) > charter.householdCapMinor) say('over-household-cap');
}

/** What nobody agreed to, in any day: within the sum of the charter. */
function judgeAtOnce(given: readonly Story[]): Finding[] {
  const atOnce = given.filter((story) => story.agree === 'at-once' && story.decisions.length === 0).sort((a, b) => (a.awardedTurn ?? 0) - (b.awardedTurn ?? 0));
  return atOnce.flatMap((story, index) => {
    const at = story.awardedAt ?? 0;
    const sum = atOnce.slice(0, index).filter((other) => (other.awardedAt ?? 0) > at - DAY && stands(other, story.awardedTurn ?? 0)).reduce((total, other) => total + other.amount, story.amount);
    return sum > (story.charter.atOnceDailyMinor ?? 0) ? [{ rule: 'over-daily-sum', what: story.id }] : [];
  });
}
