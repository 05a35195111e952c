// Models as the editor offers them, by vendor. Pure.

export interface OfferedModel {
  readonly id: string;
  readonly name: string;
  readonly family: string;
}

/** Each vendor's models, in an order of their own: equal offers are equal texts. */
export function vendorsOf(models: readonly (OfferedModel & { readonly vendor: string })[]): Record<string, OfferedModel[]> {
  const vendors: Record<string, OfferedModel[]> = {};
  const sorted = [...models].sort((a, b) => compare(a.vendor, b.vendor) || compare(a.name, b.name) || compare(a.id, b.id));
  for (const { vendor, id, name, family } of sorted) (vendors[vendor] ??= []).push({ id, name, family });
  return vendors;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
