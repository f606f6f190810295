/** Public draws whose results are seeds. Pure, and leans on nothing, because verifying does on this. */

/** Whether a draw is the planned one, or the next after each planned one that was not held; and is over. Days as YYYY-MM-DD. */
export function isDrawInOrder(draw: { drawnOn: string; missed: readonly string[] }, planned: string, today: string): boolean {
  const days = [...draw.missed, draw.drawnOn];
  return days[0] === planned && days.every((day, index) => index === 0 || day > (days[index - 1] ?? '')) && draw.drawnOn <= today;
}
