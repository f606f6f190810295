import { fail } from '@sveltejs/kit';
import type { listRules } from '@commonpot/server/votes/rules/contract';
import { call, must } from '#lib/api.ts';
import { openRound } from '#lib/rounds/admin.server.ts';
import { ballotFormOf, FORMS, keepLimits, RULES, ruleOf, USUAL_PICKS, USUAL_POINTS } from '#lib/rounds/presets.ts';
import { save } from '#lib/rounds/save.server.ts';

type Event = Parameters<typeof openRound>[0];

const loadRules = async (event: Event) => must(await call<typeof listRules>(event, 'GET', '/rules', {})).presets;

export const load = async (event) => {
  const [{ fund, round }, rules] = await Promise.all([openRound(event), loadRules(event)]);
  return { fund, round, rules };
};

export const actions = {
  default: async (event) => {
    const [form, { round }, rules] = await Promise.all([event.request.formData(), openRound(event), loadRules(event)]);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const typed = {
      form: FORMS.find((each) => each === text('form')) ?? 'knapsack', rule: text('rule'), votes: text('votes'),
      picks: Number(text('picks') || USUAL_PICKS), total: Number(text('total') || USUAL_POINTS.total), most: Number(text('most') || USUAL_POINTS.most), highest: Number(text('highest') || USUAL_POINTS.highest),
    };
    const votes = typed.votes === '' ? null : Number(typed.votes);
    const known = RULES.find((each) => each === typed.rule);
    const preset = rules.find((each) => each.name === typed.rule);
    if (!known && !preset) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, ...typed });
    const plain = known ? ruleOf(known, votes, typed.form) : { ...preset?.rule, threshold: votes === null ? null : { kind: 'votes', atLeast: votes } };
    return save(event, { ballotForm: ballotFormOf(typed.form, typed), rule: keepLimits(plain, round.rule) }, typed);
  },
};
