// Which models a picker shows, in which order, and what each row says: one rule for QuickPick and panel. Pure.

import type { Catalog, Model, ModelReference, Provider } from './protocol.ts';
import { sameModel } from './protocol.ts';
import { modelFacts, providerText } from './text.ts';

/** What answers offline, by a fixed rule, once it is turned on. */
export const REHEARSAL: ModelReference = { provider: 'rehearsal', model: 'rehearsal-1' };

export interface Row {
  readonly model: ModelReference;
  /** The provider's own name for it, where it differs from the id. */
  readonly name: string | null;
  readonly facts: string;
  readonly mark: 'ok' | 'retiring' | 'unavailable';
  readonly current: boolean;
}

/** What stands beside a model's id: of one that ends, or is gone, that is what counts, and not how it was called. */
export const besideId = ({ mark, facts, name }: Row): string => [facts, mark === 'ok' ? name : null].filter(Boolean).join(' · ');

export interface Group {
  readonly provider: string;
  readonly name: string;
  readonly status: Provider['status'];
  /** The provider's state in words. */
  readonly note: string;
  readonly error: string | null;
  readonly rows: readonly Row[];
  /** The provider has no key: its models are only known offline. */
  readonly keyless: boolean;
}

/**
 * Providers that have something to choose, or that should have and failed; within each the usable models in the
 * server's order, then those that end, then those known to be gone. The current model is always among the rows, also
 * when its provider's list failed or lacks it: a picker never loses what is configured. With `offline`, as
 * long as no provider lists any, what is known offline is shown: a template may name a model before its key is set.
 */
export function modelGroups(catalog: Catalog, current: ModelReference | null, now: number, offline = false): Group[] {
  const askable = Object.entries(catalog.providers).filter(([id, provider]) => provider.askable !== false || id === current?.provider);
  const usable = askable.some(([, provider]) => provider.status !== 'not-configured' && provider.models.some((model) => model.chat));
  const groups = askable.map(([id, provider]) => group(id, provider, current, now, offline && !usable));
  if (current && !groups.some((g) => g.rows.some((row) => row.current))) groups.unshift(orphan(catalog, current));
  return groups.filter((g) => g.rows.length > 0 || g.status !== 'not-configured').sort(byReadiness);
}

function group(id: string, provider: Provider, current: ModelReference | null, now: number, offline: boolean): Group {
  const keyless = provider.status === 'not-configured';
  const configured = offline || !keyless;
  const rows = configured ? provider.models.filter((model) => model.chat).map((model) => row(id, provider, model, current)) : [];
  const listed = new Set(rows.map((r) => r.model.model));
  // Of what the provider denied, only what is in use: the rest may be names that somebody typed half.
  const denied = configured && current?.provider === id && (provider.unavailable ?? []).includes(current.model);
  if (denied && !listed.has(current.model)) rows.push(absent(id, current.model, current));
  if (current?.provider === id && !rows.some((r) => r.current)) rows.unshift(unverified(provider, current));
  rows.sort((a, b) => RANK[a.mark] - RANK[b.mark]);
  return {
    provider: id,
    name: provider.name,
    status: provider.status,
    note: offline && keyless ? NO_KEY : providerText(provider, now),
    error: provider.error ?? null,
    rows,
    keyless: offline && keyless,
  };
}

const NO_KEY = 'no key: known offline, not verified';

const RANK: Readonly<Record<Row['mark'], number>> = { ok: 0, retiring: 1, unavailable: 2 };

function row(id: string, provider: Provider, model: Model, current: ModelReference | null): Row {
  const reference = { provider: id, model: model.id };
  const gone = model.lifecycle === 'retired' || (provider.unavailable ?? []).includes(model.id);
  return {
    model: reference,
    name: model.name && model.name !== model.id ? model.name : null,
    facts: gone && model.lifecycle !== 'retired' ? 'not available' : modelFacts(model),
    mark: gone ? 'unavailable' : model.lifecycle === 'deprecated' || model.retiresAt ? 'retiring' : 'ok',
    current: sameModel(reference, current),
  };
}

function absent(id: string, model: string, current: ModelReference | null): Row {
  const reference = { provider: id, model };
  return { model: reference, name: null, facts: 'not available', mark: 'unavailable', current: sameModel(reference, current) };
}

/** The current model where the list says nothing of it: that does not make it unavailable. */
function unverified(provider: Provider, current: ModelReference): Row {
  const facts = provider.status === 'ok' ? 'not in the list' : 'not verified';
  return { model: current, name: null, facts, mark: 'ok', current: true };
}

function orphan(catalog: Catalog, current: ModelReference): Group {
  const known = catalog.providers[current.provider];
  return {
    provider: current.provider,
    name: known?.name ?? current.provider,
    status: known?.status ?? 'not-configured',
    note: known ? 'Not configured' : 'Unknown provider',
    error: known?.error ?? null,
    rows: [{ model: current, name: null, facts: 'not verified', mark: 'ok', current: true }],
    keyless: false,
  };
}

function byReadiness(a: Group, b: Group): number {
  const rank = (g: Group): number => (g.keyless ? 1 : 0) + (g.rows.length === 0 ? 2 : 0);
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

/** Rows that hold every word of the query in id, name or provider. */
export function filterGroups(groups: readonly Group[], query: string): Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...groups];
  const matches = (g: Group, r: Row): boolean => {
    const text = `${g.name} ${g.provider}/${r.model.model} ${r.name ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups.map((g) => ({ ...g, rows: g.rows.filter((r) => matches(g, r)) })).filter((g) => g.rows.length > 0);
}

/**
 * At most about `most` rows: the room is shared evenly, and what a small group leaves over goes to the others. The
 * current model is always among them.
 */
export function boundGroups(groups: readonly Group[], most: number): { shown: Group[]; more: number } {
  const sizes = groups.map((g) => g.rows.length).sort((a, b) => a - b);
  let share = 0; // no group shows more
  let room = most;
  for (const [index, size] of sizes.entries()) {
    share = Math.min(size, Math.floor(room / (sizes.length - index)));
    room -= share;
  }
  const shown = groups.map((g) => {
    const rows = g.rows.slice(0, share);
    const current = g.rows.slice(share).find((r) => r.current);
    return { ...g, rows: current ? [...rows.slice(0, -1), current] : rows };
  });
  const count = (of: readonly Group[]): number => of.reduce((sum, g) => sum + g.rows.length, 0);
  return { shown, more: count(groups) - count(shown) };
}

/** What is known of exactly this model. */
export function findModel(catalog: Catalog, reference: ModelReference): Model | null {
  return catalog.providers[reference.provider]?.models.find((model) => model.id === reference.model) ?? null;
}

/** Whether the provider itself said that the model cannot be used any more. */
export function isGone(catalog: Catalog, reference: ModelReference): boolean {
  const provider = catalog.providers[reference.provider];
  return findModel(catalog, reference)?.lifecycle === 'retired' || (provider?.unavailable ?? []).includes(reference.model);
}

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'unconfigured'; readonly variables: readonly { provider: string; name: string; variable: string }[] }
  | { readonly kind: 'failed'; readonly failures: readonly { provider: string; name: string; text: string }[] };

/** What the list of models allows: choose, wait, configure, or retry. */
export function readiness(catalog: Catalog | null, now: number): Readiness {
  if (catalog === null) return { kind: 'loading' };
  const configured = Object.entries(catalog.providers).filter(([, p]) => p.status !== 'not-configured' && p.askable !== false);
  if (configured.length === 0) return { kind: 'unconfigured', variables: keyVariables(catalog) };
  if (configured.some(([, p]) => p.models.some((model) => model.chat) || p.status === 'ok' || p.status === 'no-list'))
    return { kind: 'ready' };
  if (configured.some(([, p]) => p.status === 'loading')) return { kind: 'loading' };
  const failures = configured.map(([provider, p]) => ({ provider, name: p.name, text: p.error ?? providerText(p, now) }));
  return { kind: 'failed', failures };
}

/** Whether the rehearsal models are all that there is to chat with. */
export function onlyRehearsal(catalog: Catalog): boolean {
  const usable = Object.entries(catalog.providers).filter(([, p]) => p.status !== 'not-configured' && p.models.some((model) => model.chat));
  return usable.length === 1 && usable[0]![0] === REHEARSAL.provider;
}

/** Providers whose key stands in an environment variable, by name. */
export function keyVariables(catalog: Catalog): { provider: string; name: string; variable: string }[] {
  return Object.entries(catalog.providers)
    .flatMap(([provider, p]) => (p.keyVariable ? [{ provider, name: p.name, variable: p.keyVariable }] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}
