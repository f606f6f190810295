import type { InProcessApi } from '@commonpot/server/platform/pages';

declare global {
  namespace App {
    interface Error {
      message: string;
      code?: string;
    }
  }
  var commonpotApi: InProcessApi | undefined;
}

export {};
