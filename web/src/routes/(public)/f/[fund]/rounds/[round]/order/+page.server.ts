import { loadHallOrder } from '#lib/votes/hall-order.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, order, projects] = await Promise.all([loadRound(event), loadHallOrder(event), loadProjects(event)]);
  return { fund, round, order, projects };
};
