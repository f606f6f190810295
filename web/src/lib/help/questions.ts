/** What people truly ask, for each of the four who use this, with a name that pages link to. */
import { m } from '#lib/paraglide/messages.js';

export const READERS = ['resident', 'administrator', 'officer', 'shop'] as const;
export type Reader = (typeof READERS)[number];

type Words = () => string;

export interface Question {
  /** The place on the page: `#phone`. */
  id: string;
  asks: Words;
  answers: readonly Words[];
}

const one = (id: string, asks: Words, ...answers: Words[]): Question => ({ id, asks, answers });

export const questions: Record<Reader, readonly Question[]> = {
  resident: [
    one('secret', m.help_r_secret_q, m.vote_secret_stored, m.vote_secret_who, m.vote_secret_pressure), one('phone', m.help_r_phone_q, m.help_r_phone_a), one('mistake', m.help_r_mistake_q, m.help_r_mistake_a),
    one('code', m.help_r_code_q, m.help_r_code_a), one('line', m.help_r_line_q, m.help_r_line_a), one('parent', m.help_r_parent_q, m.help_r_parent_a), one('language', m.help_r_language_q, m.help_r_language_a),
    one('practice', m.help_r_practice_q, m.help_r_practice_a), one('idea', m.help_r_idea_q, m.help_r_idea_a), one('voucher', m.help_r_voucher_q, m.help_r_voucher_a), one('data', m.help_r_data_q, m.help_r_data_a),
  ],
  administrator: [
    one('start', m.help_a_start_q, m.help_a_start_a), one('frozen', m.help_a_frozen_q, m.help_a_frozen_a), one('code', m.help_a_code_q, m.help_a_code_a), one('date', m.help_a_date_q, m.help_a_date_a),
    one('second', m.help_a_second_q, m.help_a_second_a), one('entered', m.help_a_entered_q, m.help_a_entered_a), one('shop', m.help_a_shop_q, m.help_a_shop_a), one('practice', m.help_a_practice_q, m.help_a_practice_a),
    one('parent', m.help_a_parent_q, m.help_a_parent_a), one('words', m.help_a_words_q, m.help_a_words_a), one('key', m.help_a_key_q, m.help_a_key_a),
  ],
  officer: [
    one('committee', m.help_o_committee_q, m.help_o_committee_a), one('who', m.help_o_who_q, m.help_o_who_a), one('change', m.help_o_change_q, m.help_o_change_a),
    one('restricted', m.help_o_restricted_q, m.help_o_restricted_a), one('pledge', m.help_o_pledge_q, m.help_o_pledge_a), one('practice', m.help_o_practice_q, m.help_o_practice_a),
  ],
  shop: [one('wrong', m.help_s_wrong_q, m.help_s_wrong_a), one('paid', m.help_s_paid_q, m.help_s_paid_a), one('refused', m.help_s_refused_q, m.help_s_refused_a), one('name', m.help_s_name_q, m.help_s_name_a)],
};

export const readerName: Record<Reader, Words> = { resident: m.help_resident, administrator: m.help_administrator, officer: m.help_officer, shop: m.help_shop };
export const readerTitle: Record<Reader, Words> = { resident: m.help_resident_title, administrator: m.help_administrator_title, officer: m.help_officer_title, shop: m.help_shop_title };
