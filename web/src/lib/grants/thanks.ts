/** Words of thank-yous. */
import { m } from '#lib/paraglide/messages.js';

export function thanksWords(what: 'panel' | 'meeting' | 'interview'): string {
  return { panel: m.thanks_panel, meeting: m.thanks_meeting, interview: m.thanks_interview }[what]();
}
