import { openRound } from '#lib/rounds/admin.server.ts';
import { inHallOrder, loadHallOrder } from '#lib/votes/hall-order.ts';
import { loadProjects, loadRound, partOf, partsOf, potsOf } from '#lib/votes/round.ts';

/** One sheet for everybody, or one for each area with money of its own and one for people of no such area. */
export const load = async (event) => {
  await openRound(event);
  const [{ fund, round }, order, listed] = await Promise.all([loadRound(event), loadHallOrder(event), loadProjects(event)]);
  // On paper nobody chooses who stands on top.
  if (!order.drawn) return { fund, round, sheets: [] };
  const projects = inHallOrder(listed, order);
  const areas = potsOf(round).map((pot) => pot.area);
  const sheets = (areas.length > 0 ? [...areas, ''] : ['']).map((area) => {
    const parts = partsOf(round, area);
    return { area, parts: parts.map((part, index) => ({ ...part, projects: projects.filter((project) => partOf(parts, project) === index) })) };
  });
  return { fund, round, sheets };
};
