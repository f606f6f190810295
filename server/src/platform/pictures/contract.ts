/** Pictures as every room shows them, and hiding one. The files themselves are read at `/funds/:fund/pictures/:picture/960.avif`. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../contract.ts';
import { picturePolicy } from './policy.ts';

/** A picture beside what it belongs to. */
export const pictureShape = z.object({
  id: shapes.id,
  /** `waiting` while it is re-encoded, `hidden` by an administrator, `refused` (to whoever added it) where it could not be read. */
  state: z.enum(['waiting', 'ready', 'refused', 'hidden']),
  /** What it shows; empty for a hidden one. */
  words: z.string(),
  /** The sizes it is there in, smallest first, each as AVIF and WebP; measures in pixels. */
  files: z.array(z.object({ size: z.int(), width: z.int(), height: z.int() })),
  hiddenReason: z.string().nullable(),
  /** Why it was shown again after that; null while it is hidden. */
  shownReason: z.string().nullable(),
});

/** What a picture shows, as its uploader says it. */
export const pictureWords = z.string().trim().min(1).max(300);

export const hidePicture = route({
  method: 'POST', path: '/funds/:fund/pictures/:picture/hide', access: picturePolicy.hide,
  summary: 'Takes a picture out of sight. The reason is published in its place.',
  params: fundParams.extend({ picture: shapes.id }), body: z.object({ reason: z.string().trim().min(1).max(500) }),
  answer: z.object({ done: z.literal(true) }), problems: ['already-decided'],
});

export const showPicture = route({
  method: 'POST', path: '/funds/:fund/pictures/:picture/show', access: picturePolicy.hide,
  summary: 'Shows a hidden picture again. Why it was hidden and why it is shown are published below it.',
  params: fundParams.extend({ picture: shapes.id }), body: z.object({ reason: z.string().trim().min(1).max(500) }),
  answer: z.object({ done: z.literal(true) }), problems: ['already-decided'],
});
