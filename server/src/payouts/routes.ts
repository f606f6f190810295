/** Serves all of the payouts' rooms. */
import type { WebApp } from '../platform/services.ts';
import { cashRoutes } from './cash/routes.ts';
import { disbursementRoutes } from './disbursements/routes.ts';
import { settlementRoutes } from './settlements/routes.ts';
import { tillRoutes } from './till/routes.ts';
import { voucherRoutes } from './vouchers/routes.ts';

export function payoutRoutes(app: WebApp): void {
  voucherRoutes(app);
  tillRoutes(app);
  disbursementRoutes(app);
  settlementRoutes(app);
  cashRoutes(app);
}
