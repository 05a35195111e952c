// Whose keys are told to be missing or refused, so that the action that sets one can stand beside it. Pure.

import type { ProviderState, ProviderStatus } from './protocol.ts';

export interface MissingKey {
  readonly provider: string;
  readonly name: string;
  readonly variable: string;
}

/** Where another key may help. */
export const WANTS_KEY: readonly ProviderStatus[] = ['not-configured', 'auth-failed', 'forbidden'];

/** The key that a diagnostic, an offer or a model at a place tells to be missing, if its provider has none that works by now. */
export function missingKey(told: object, providers: Readonly<Record<string, ProviderState>>): MissingKey | null {
  const { provider, variable } = (told as Told).data?.missingKey ?? {};
  const known = provider === undefined ? undefined : providers[provider];
  return provider !== undefined && variable !== undefined && known && WANTS_KEY.includes(known.status) ? { provider, name: known.name, variable } : null;
}

/** What the server says of a model that is named at a place, and in the `data` of a diagnostic or an offer. */
export interface TellsKey {
  readonly missingKey?: { readonly provider?: string; readonly variable?: string };
}

/** Whether the server tells that a key is missing, be it set by now or not. */
export const wantsKey = (told: object): boolean => (told as Told).data?.missingKey !== undefined;

interface Told {
  readonly data?: TellsKey | null;
}

/** Each provider's key once. */
export const distinct = (keys: readonly (MissingKey | null)[]): MissingKey[] => [...new Map(keys.flatMap((key) => (key ? [[key.provider, key] as const] : []))).values()];

/** A link that only hovers which trust this one command carry out. */
export const setKeyLink = ({ provider, name }: MissingKey): string =>
  `[Set API Key of ${name}](command:${SET_KEY}?${encodeURIComponent(JSON.stringify([provider]))} "Kept in VS Code's secret storage")`;

export const SET_KEY = 'stagewright.setApiKey';
