/** Which of the database's promises an error stands for. */

/** The name of the violated constraint, or undefined when the error is another one. Drizzle carries the driver's error as its cause. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('constraint' in each && typeof each.constraint === 'string') return each.constraint;
  }
  return undefined;
}
