import { error } from '@sveltejs/kit';
import type { listTransfers } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { csvLine } from '#lib/money/csv.ts';
import { moveWords, placeWords } from '#lib/money/words.ts';
import { m } from '#lib/paraglide/messages.js';

/** The whole history as a file, page by page so that its length does not matter. Amounts are in minor units, as the ledger holds them. */
export const GET = async (event) => {
  const read = (cursor?: string) => call<typeof listTransfers>(event, 'GET', '/funds/:fund/transfers', { params: event.params, query: { limit: 200, cursor } });
  const first = await read();
  if (!first.ok) error(first.problem.status, { message: '', code: first.problem.code });
  const { currency } = first.value;
  const lines = (page: typeof first.value) => page.transfers.map((each) => csvLine([
    each.id, each.at, each.kind, moveWords(each), placeWords(each.from), placeWords(each.to), each.amountMinor, currency, each.subjectId ?? '', each.reverses ?? '', each.by ?? m.money_history_nobody(),
  ])).join('');
  const header = csvLine(['id', 'at', 'kind', 'what', 'from', 'to', 'amount_minor', 'currency', 'subject', 'reverses', 'by']);
  let next: string | null = first.value.nextCursor;
  let text: string | null = `\uFEFF${header}${lines(first.value)}`;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (text === null) {
        const page = next ? await read(next) : null;
        // An unfinished file must not look finished.
        if (page && !page.ok) return controller.error(new Error(page.problem.code));
        if (!page) return controller.close();
        text = lines(page.value);
        next = page.value.nextCursor;
      }
      controller.enqueue(new TextEncoder().encode(text));
      text = null;
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${event.params.fund}-money.csv"` } });
};
