/** The page's side of what the worker keeps of it. */
import { links } from '#lib/links.ts';
import { ballotOf, STORE, UNSENT } from './kept-pages.ts';

/** Starts the worker, and has it keep this page when it did not see it come. */
export async function keepPage(isWhole: boolean): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  // On the way back the page comes out of the browser's memory, and its voter may have signed out since.
  if (!workers || visit?.type === 'back_forward') return;
  await workers.register(links.worker());
  const { active } = await workers.ready;
  if (isWhole && !workers.controller) active?.postMessage({ keep: location.pathname });
}

/** Says whether a ballot of this page waits for its answer. */
export async function markUnsent(isUnsent: boolean): Promise<void> {
  const ballot = ballotOf(location.pathname);
  if (!ballot || !('caches' in globalThis)) return;
  const store = await caches.open(STORE + ballot);
  if (isUnsent) await store.put(ballot + UNSENT, new Response());
  else await store.delete(ballot + UNSENT);
}
