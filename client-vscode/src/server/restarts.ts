// How often a server that crashes is started again before people are told. Pure.

export const MOST_RESTARTS = 3;
export const WINDOW_MS = 3 * 60_000;

/** The crashes that still count at `now`, this one included, and whether another start is worth it. */
export function afterCrash(crashes: readonly number[], now: number): { readonly crashes: number[]; readonly restart: boolean } {
  const recent = [...crashes.filter((moment) => now - moment < WINDOW_MS), now];
  return { crashes: recent, restart: recent.length <= MOST_RESTARTS };
}
