/** Between an instant and what a date field shows in the fund's time zone. Pure. */

/** `2026-12-06T20:00`, for an `input type="datetime-local"`; empty for none. */
export function toField(iso: string | null, timeZone: string): string {
  return iso === null ? '' : localText(new Date(iso), timeZone);
}

/** The instant that a field's text names in the time zone, or null when it names none. Where clocks go forward, the hour after. */
export function fromField(text: string, timeZone: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const asUtc = new Date(`${text}:00Z`).getTime();
  if (Number.isNaN(asUtc)) return null;
  const first = asUtc - offset(asUtc, timeZone);
  return new Date(asUtc - offset(first, timeZone)).toISOString();
}

/** Milliseconds by which the time zone's clocks are ahead of UTC at an instant. */
function offset(instant: number, timeZone: string): number {
  return new Date(`${localText(new Date(instant), timeZone)}:00Z`).getTime() - Math.floor(instant / 60_000) * 60_000;
}

function localText(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).formatToParts(instant);
  const find = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${find('year')}-${find('month')}-${find('day')}T${find('hour')}:${find('minute')}`;
}
