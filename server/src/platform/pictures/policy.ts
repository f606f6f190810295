/** What each role may do with pictures, whatever they belong to; adding and removing is for the room they belong to. */
import type { Permission } from '../policy.ts';

export const picturePolicy = {
  hide: { action: 'picture.hide', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
