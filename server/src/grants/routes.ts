/** Serves everything of grant rounds. */
import type { WebApp } from '../platform/services.ts';
import { decisionRoutes } from './decisions/routes.ts';
import { requestRoutes } from './requests/routes.ts';
import { signpostRoutes } from './signposts/routes.ts';
import { grantRoundRoutes } from './rounds/routes.ts';

export function grantRoutes(app: WebApp): void {
  grantRoundRoutes(app);
  requestRoutes(app);
  signpostRoutes(app);
  decisionRoutes(app);
}
