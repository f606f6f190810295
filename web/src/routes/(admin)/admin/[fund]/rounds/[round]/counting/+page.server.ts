import { openRound } from '#lib/rounds/admin.server.ts';
import { fromPreset, PRESETS, USUAL_PICKS } from '#lib/rounds/presets.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const typed = { preset: PRESETS.find((each) => each === form.get('preset')) ?? 'basket', picks: Number(form.get('picks') ?? USUAL_PICKS), votes: String(form.get('votes') ?? '').trim() };
    return save(event, fromPreset(typed.preset, typed.picks, typed.votes === '' ? null : Number(typed.votes)), typed);
  },
};
