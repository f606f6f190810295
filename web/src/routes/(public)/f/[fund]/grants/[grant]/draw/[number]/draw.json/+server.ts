import type { readDraw } from '@commonpot/server/grants/draw/contract';
import { call, must } from '#lib/api.ts';
import { drawResponse } from '#lib/grants/draw-file.ts';

export const GET = async (event) => drawResponse(must(await call<typeof readDraw>(event, 'GET', '/funds/:fund/grants/:grant/draws/:number', { params: event.params })));
