import type { InProcessApi } from '@commonpot/server/platform/pages';
import type { Press } from '@commonpot/server/platform/press/contract';

declare global {
  namespace App {
    interface Error {
      message: string;
      code?: string;
    }
    interface Locals {
      /** What a form looks for, for the page that answers it. */
      search?: string;
      cursor?: string;
    }
  }
  var commonpotApi: InProcessApi | undefined;
  var commonpotPress: Press | undefined;
}

export {};
