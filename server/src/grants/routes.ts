/** Serves everything of grant rounds. */
import type { WebApp } from '../platform/services.ts';
import { adoptionRoutes } from './adoption/routes.ts';
import { decisionRoutes } from './decisions/routes.ts';
import { drawRoutes } from './draw/routes.ts';
import { figureRoutes } from './figures/routes.ts';
import { paymentRoutes } from './payments/routes.ts';
import { storyRoutes } from './stories/routes.ts';
import { thanksRoutes } from './thanks/routes.ts';
import { trustRoutes } from './trust/routes.ts';
import { panelRoutes } from './panels/routes.ts';
import { requestRoutes } from './requests/routes.ts';
import { safeguardingRoutes } from './safeguarding/routes.ts';
import { signpostRoutes } from './signposts/routes.ts';
import { grantRoundRoutes } from './rounds/routes.ts';

export function grantRoutes(app: WebApp): void {
  grantRoundRoutes(app);
  adoptionRoutes(app);
  requestRoutes(app);
  signpostRoutes(app);
  safeguardingRoutes(app);
  decisionRoutes(app);
  drawRoutes(app);
  panelRoutes(app);
  paymentRoutes(app);
  storyRoutes(app);
  thanksRoutes(app);
  figureRoutes(app);
  trustRoutes(app);
}
