import { openRound } from '#lib/rounds/admin.server.ts';
import { ballotFormOf, FORMS, RULES, ruleOf, USUAL_PICKS } from '#lib/rounds/presets.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const typed = {
      form: FORMS.find((each) => each === form.get('form')) ?? 'knapsack', rule: RULES.find((each) => each === form.get('rule')) ?? 'skip',
      picks: Number(form.get('picks') ?? USUAL_PICKS), votes: String(form.get('votes') ?? '').trim(),
    };
    return save(event, { ballotForm: ballotFormOf(typed.form, typed.picks), rule: ruleOf(typed.rule, typed.votes === '' ? null : Number(typed.votes)) }, typed);
  },
};
