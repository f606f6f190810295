/** What people truly ask, for each of those who use this, with a name that pages link to. */
import { m } from '#lib/paraglide/messages.js';

export const READERS = ['resident', 'asking', 'panel', 'administrator', 'officer', 'shop'] as const;
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
  asking: [
    one('need', m.help_g_need_q, m.help_g_need_a), one('line', m.help_g_line_q, m.help_g_line_a), one('held', m.help_g_held_q, m.help_g_held_a), one('number', m.help_g_number_q, m.help_g_number_a),
    one('safe', m.help_g_safe_q, m.help_g_safe_a), one('door', m.help_g_door_q, m.help_g_door_a), one('lost', m.help_g_lost_q, m.help_g_lost_a), one('no', m.help_g_no_q, m.help_g_no_a), one('money', m.help_g_money_q, m.help_g_money_a),
  ],
  panel: [
    one('drawn', m.help_p_drawn_q, m.help_p_drawn_a), one('see', m.help_p_see_q, m.help_p_see_a), one('know', m.help_p_know_q, m.help_p_know_a),
    one('time', m.help_p_time_q, m.help_p_time_a), one('who', m.help_p_who_q, m.help_p_who_a), one('thanks', m.help_p_thanks_q, m.help_p_thanks_a),
  ],
  administrator: [
    one('start', m.help_a_start_q, m.help_a_start_a), one('frozen', m.help_a_frozen_q, m.help_a_frozen_a), one('code', m.help_a_code_q, m.help_a_code_a), one('date', m.help_a_date_q, m.help_a_date_a),
    one('second', m.help_a_second_q, m.help_a_second_a), one('entered', m.help_a_entered_q, m.help_a_entered_a), one('shop', m.help_a_shop_q, m.help_a_shop_a), one('practice', m.help_a_practice_q, m.help_a_practice_a),
    one('parent', m.help_a_parent_q, m.help_a_parent_a), one('words', m.help_a_words_q, m.help_a_words_a), one('key', m.help_a_key_q, m.help_a_key_a),
    one('hall', m.help_a_hall_q, m.help_a_hall_a), one('held', m.help_a_held_q, m.help_a_held_a), one('know', m.help_a_know_q, m.help_a_know_a), one('both', m.help_a_both_q, m.help_a_both_a),
    one('cash', m.help_a_cash_q, m.help_a_cash_a), one('thank', m.help_a_thank_q, m.help_a_thank_a), one('worry', m.help_a_worry_q, m.help_a_worry_a),
  ],
  officer: [
    one('committee', m.help_o_committee_q, m.help_o_committee_a), one('who', m.help_o_who_q, m.help_o_who_a), one('change', m.help_o_change_q, m.help_o_change_a),
    one('restricted', m.help_o_restricted_q, m.help_o_restricted_a), one('pledge', m.help_o_pledge_q, m.help_o_pledge_a), one('practice', m.help_o_practice_q, m.help_o_practice_a),
    one('grant', m.help_o_grant_q, m.help_o_grant_a), one('trust', m.help_o_trust_q, m.help_o_trust_a),
  ],
  shop: [one('wrong', m.help_s_wrong_q, m.help_s_wrong_a), one('paid', m.help_s_paid_q, m.help_s_paid_a), one('refused', m.help_s_refused_q, m.help_s_refused_a), one('name', m.help_s_name_q, m.help_s_name_a)],
};

export const readerName: Record<Reader, Words> = { resident: m.help_resident, asking: m.help_asking, panel: m.help_panel, administrator: m.help_administrator, officer: m.help_officer, shop: m.help_shop };
export const readerTitle: Record<Reader, Words> = { resident: m.help_resident_title, asking: m.help_asking_title, panel: m.help_panel_title, administrator: m.help_administrator_title, officer: m.help_officer_title, shop: m.help_shop_title };
