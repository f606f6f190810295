/** Why the process cannot serve, in one sentence for the person at the terminal. A file of its own: every command knows it, and most serve nothing. */
export class CannotServe extends Error {}
