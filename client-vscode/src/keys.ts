// Which providers' keys a text tells to be missing or refused, so that the action that sets one can stand beside it. Pure.

import type { ProviderState, ProviderStatus } from './protocol.ts';

export interface MissingKey {
  readonly provider: string;
  readonly name: string;
  readonly variable: string;
}

/** Where another key may help. */
export const WANTS_KEY: readonly ProviderStatus[] = ['not-configured', 'auth-failed', 'forbidden'];

/** The providers without a usable key whose variables the text names; in Markdown, where `_` may be escaped, too. */
export function missingKeys(text: string, providers: Readonly<Record<string, ProviderState>>): MissingKey[] {
  const words = new Set(text.replaceAll('\\', '').match(/\w+/g));
  return Object.entries(providers).flatMap(([provider, { name, status, keyVariable }]) =>
    keyVariable && WANTS_KEY.includes(status) && words.has(keyVariable) ? [{ provider, name, variable: keyVariable }] : [],
  );
}

/** A link that only hovers which trust this one command carry out. */
export const setKeyLink = ({ provider, name }: MissingKey): string =>
  `[Set API Key of ${name}](command:${SET_KEY}?${encodeURIComponent(JSON.stringify([provider]))} "Kept in VS Code's secret storage")`;

export const SET_KEY = 'stagewright.setApiKey';
