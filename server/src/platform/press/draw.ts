/** The thread in which cards and posters are drawn: letters are shaped and pictures filled here, and no request waits for it. */
import { Resvg } from '@resvg/resvg-js';
import { answerOrders } from '../thread.ts';
import { drawCard } from './card.ts';
import type { CardWords, LetterWords, PosterWords } from './contract.ts';
import { drawLetters } from './letters.ts';
import { drawPoster } from './poster.ts';

export type Order = { kind: 'card'; words: CardWords } | { kind: 'poster'; words: PosterWords } | { kind: 'letters'; words: LetterWords };

async function draw(order: Order): Promise<Uint8Array<ArrayBuffer>> {
  if (order.kind === 'poster') return new Uint8Array(await drawPoster(order.words));
  if (order.kind === 'letters') return new Uint8Array(await drawLetters(order.words));
  return new Uint8Array(new Resvg(drawCard(order.words), { font: { loadSystemFonts: false } }).render().asPng());
}

answerOrders(draw, (bytes) => [bytes.buffer]);
