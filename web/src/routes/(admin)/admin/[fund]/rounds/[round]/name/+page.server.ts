import { openRound } from '#lib/rounds/admin.server.ts';
import { save } from '#lib/rounds/save.server.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const given = { title: String(form.get('title') ?? ''), summary: String(form.get('summary') ?? '') };
    return save(event, given, given);
  },
};
