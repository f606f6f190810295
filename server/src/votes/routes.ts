/** Serves everything of vote rounds. */
import type { WebApp } from '../platform/services.ts';
import { areaRoutes } from './areas/routes.ts';
import { ballotRoutes } from './ballots/routes.ts';
import { deliveryRoutes } from './delivery/routes.ts';
import { hallRoutes } from './hall/routes.ts';
import { kioskRoutes } from './kiosk/routes.ts';
import { logRoutes } from './log/routes.ts';
import { observerRoutes } from './observers/routes.ts';
import { oddityRoutes } from './oddities/routes.ts';
import { paperRoutes } from './paper/routes.ts';
import { projectRoutes } from './projects/routes.ts';
import { ideaPictureRoutes } from './proposals/pictures.ts';
import { proposalRoutes } from './proposals/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { ruleRoutes } from './rules/routes.ts';
import { sealingRoutes } from './sealing/routes.ts';
import { publishedRoutes } from './sealing/serving.ts';
import { setAsideRoutes } from './set-aside/routes.ts';
import { stepRoutes } from './steps/routes.ts';
import { tallyRoutes } from './tally/routes.ts';

export function voteRoutes(app: WebApp): void {
  projectRoutes(app);
  proposalRoutes(app);
  ideaPictureRoutes(app);
  deliveryRoutes(app);
  reviewRoutes(app);
  ballotRoutes(app);
  logRoutes(app);
  hallRoutes(app);
  kioskRoutes(app);
  oddityRoutes(app);
  paperRoutes(app);
  observerRoutes(app);
  sealingRoutes(app);
  setAsideRoutes(app);
  publishedRoutes(app);
  tallyRoutes(app);
  stepRoutes(app);
  ruleRoutes(app);
  areaRoutes(app);
}
