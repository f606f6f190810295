/** `pnpm build`: the pages, ahead of the first start; for an image that starts at once. */
import { buildWeb } from './lib/build-web.ts';
import { run } from './lib/entry.ts';

await run(async () => console.log((await buildWeb()) ? 'The pages were built.' : 'The pages are built already.'));
