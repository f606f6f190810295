/** What people type, as it may stand beside other words. */
import type { WebApp } from './services.ts';

/**
 * Marks that turn the direction of whatever follows them (Unicode's embeddings, overrides and isolates). A name that holds one would turn the
 * sum behind it as well. Telephones put them around numbers and names that are copied; left-to-right and right-to-left marks stay.
 */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** The same without them, however deep. */
export function withoutTurning(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(TURNING, '');
  if (Array.isArray(value)) return value.map(withoutTurning);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutTurning(each)]));
}

/** Takes them out of every body before its shape is looked at. */
export function registerText(app: WebApp): void {
  app.addHook('preValidation', async (request) => {
    if (request.body) request.body = withoutTurning(request.body);
  });
}
