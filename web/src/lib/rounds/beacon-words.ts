/** A public draw in words: its name, or the beacon's number and moment. */
import { clock, day, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';

/** The value of the public beacon that a draw waits for, or was drawn by. */
export type Beacon = { round: number; at: string; address: string };

/** What a draw that people name is called; the one that is waited for where nobody named any, in the reader's language. */
export function drawName(name: string): string {
  return name === m.draw_usual({}, { locale: 'en' }) ? m.draw_usual() : name;
}

/** What is drawn, and on which day. A lottery's day is a day wherever one is; the beacon's moment is shown where the fund is. */
export function drawWords(draw: { name: string; date: string; beacon: Beacon | null }, timeZone: string): { draw: string; day: string } {
  const { beacon } = draw;
  if (!beacon) return { draw: drawName(draw.name), day: day(`${draw.date}T12:00:00Z`, 'UTC') };
  return { draw: m.beacon_name({ n: number(beacon.round), time: clock(beacon.at, timeZone) }), day: day(beacon.at, timeZone) };
}

/** Whether a form of BeaconChoice chose the beacon. */
export function isByBeacon(form: FormData): boolean {
  return ['usual', 'beacon'].includes(String(form.get('draw')));
}
