// Waiting for a state, and how long at most.

/** The first start of an editor on a cold machine takes 20 s; a loaded one many times that. */
export const SLOW = 120_000;

/** Waits until something holds; an exception counts as not yet. */
export async function until(holds: () => Promise<boolean> | boolean, what: string, ms = SLOW): Promise<void> {
  const end = Date.now() + ms;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${ms / 1000} s in vain until ${what}. ${last ?? ''}`);
}
