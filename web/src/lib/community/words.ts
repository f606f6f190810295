/** What a comment says about itself. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listComments } from '@commonpot/server/community/discussion/contract';
import { m } from '#lib/paraglide/messages.js';

export type Discussion = AnswerOf<typeof listComments>;
export type Comment = Omit<Discussion['comments'][number], 'replies'>;
export type Reason = NonNullable<Comment['reason']>;

/** In the order in which people choose. */
export const REASONS = ['unkind', 'threat', 'private', 'untrue', 'off-topic', 'advertising'] as const satisfies readonly Reason[];

/** The reason as it ends a sentence. */
export function reasonWords(reason: Reason): string {
  return { unkind: m.talk_reason_unkind, private: m.talk_reason_private, untrue: m.talk_reason_untrue, 'off-topic': m.talk_reason_off_topic, advertising: m.talk_reason_advertising, threat: m.talk_reason_threat }[reason]();
}

/** The reason as one chooses it. */
export function reasonChoice(reason: Reason): string {
  return { unkind: m.talk_choose_unkind, private: m.talk_choose_private, untrue: m.talk_choose_untrue, 'off-topic': m.talk_choose_off_topic, advertising: m.talk_choose_advertising, threat: m.talk_choose_threat }[reason]();
}
