/** Marks the rounds of a list whose results were set aside. Pure. */
export function markSetAside<Round extends { slug: string }, Rest>({ rounds, ...rest }: Rest & { rounds: Round[] }, aside: { rounds: string[] }) {
  return { ...rest, rounds: rounds.map((round) => ({ ...round, isSetAside: aside.rounds.includes(round.slug) })) };
}
