import type { readPanelDraw } from '@commonpot/server/grants/draw/contract';
import { call, must } from '#lib/api.ts';
import { drawResponse } from '#lib/grants/draw-file.ts';

export const GET = async (event) => drawResponse(must(await call<typeof readPanelDraw>(event, 'GET', '/funds/:fund/panels/:panel/draw', { params: event.params })));
