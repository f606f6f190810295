/** What was agreed to while there was no money: given in the order of agreement, and nobody goes before those who wait. */
import type { Finding } from './case.ts';
import type { FundRecord } from './record.ts';
import type { Story } from './steps.ts';

const DAY = 24 * 3600_000;

interface Wait {
  story: Story;
  /** Where in the record it began and ended. */
  from: number;
  until: number;
}

/** A round's awards against its waits. A draw lets people through when there is money for them, so that these are not held to it. */
export function judgeWaiting({ entries }: Pick<FundRecord, 'entries'>, stories: ReadonlyMap<string, Story>): Finding[] {
  const letThrough = new Set(entries.filter((entry) => entry.letAt !== null).map((entry) => entry.request));
  const waits = Map.groupBy([...stories.values()].flatMap(waitsOf), (wait) => wait.story.round);
  const given = [...stories.values()].filter((story) => story.awardedTurn !== null);
  const findings: Finding[] = [];
  for (const story of given) {
    const turn = story.awardedTurn ?? 0;
    if (letThrough.has(story.id) || (story.agree === 'at-once' && story.decisions.length === 0)) continue;
    const own = (waits.get(story.round) ?? []).find((wait) => wait.story === story)?.from ?? turn;
    const before = (waits.get(story.round) ?? []).filter((wait) => wait.story !== story && wait.from < own && wait.until > turn && !letThrough.has(wait.story.id));
    if (before.some((wait) => !isOverDoor(wait.story, given, story))) findings.push({ rule: 'agreed-passed-over', what: story.id });
  }
  return findings;
}

/** From the move of a person who agreed to whatever came next. */
function waitsOf(story: Story): Wait[] {
  return story.moves.flatMap((move, index) => (move.to === 'listed' && move.actor !== null ? [{ story, from: move.turn, until: story.moves[index + 1]?.turn ?? Infinity }] : []));
}

/** Whether others at the door of somebody who waits were given so much, when another was given something, that they had to wait longer. */
function isOverDoor({ asker, charter, amount, applicant }: Story, given: readonly Story[], { awardedAt, awardedTurn }: Story): boolean {
  if (charter.householdCapMinor === null || awardedAt === null || awardedTurn === null || asker.apart) return false;
  const atDoor = given.filter((each) => each.asker.door === asker.door && (each.awardedTurn ?? Infinity) < awardedTurn && (each.awardedAt ?? 0) > awardedAt - charter.periodDays * DAY && (each.returnedTurn ?? Infinity) > awardedTurn);
  return atDoor.some((each) => each.applicant !== applicant) && atDoor.reduce((sum, each) => sum + each.amount, amount) > charter.householdCapMinor;
}
