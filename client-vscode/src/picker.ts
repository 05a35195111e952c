// Choosing a model by QuickPick: grouped by provider, with what is known of each.

import * as vscode from 'vscode';
import { besideId, modelGroups, type Group, type Row } from './models.ts';
import { sameModel, type Catalog, type ModelReference, type Provider } from './protocol.ts';
import { SET_KEY } from './keys.ts';
import type { Api } from './server/api.ts';
import { vendorOf } from './text.ts';

interface Item extends vscode.QuickPickItem {
  readonly choice?: { readonly model: ModelReference | null };
  /** The provider whose key is to be set first; empty: which, is asked. */
  readonly keyOf?: string;
}

export interface PickOptions {
  readonly title: string;
  readonly api: Api;
  readonly current: ModelReference | null;
  /** The row that chooses no model, where there is one: `No default`, `Stage default`. */
  readonly none?: { readonly label: string; readonly description: string };
  /** Whether models of providers without a key can be chosen too: a template may name them, a chat cannot use them. */
  readonly offline?: boolean;
  /** Whose models are offered; everybody's if that is not said. */
  readonly providers?: readonly string[];
  /** Models that are likely meant, likeliest first: they stand before all others. */
  readonly near?: readonly ModelReference[];
}

const REFRESH: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: 'Ask the providers again' };

/** The chosen model, null for "none", undefined when nothing was chosen. Lists that come meanwhile are shown as they come. */
export async function pickModel(options: PickOptions): Promise<ModelReference | null | undefined> {
  const { api } = options;
  const catalog = await api.models();
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = options.title;
  pick.placeholder = 'Type to filter by provider, id or name';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [REFRESH];
  fill(pick, options, catalog);
  let refilled = false;
  const show = async (ask: () => Promise<Catalog>): Promise<void> => {
    pick.busy = true;
    try {
      fill(pick, options, await ask());
      refilled = true;
    } catch (error) {
      pick.busy = false;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  };
  const following = api.onModelsChanged(() => show(api.models));
  return new Promise((resolve) => {
    // Rows may have been sent while this was typed: the row made active with them need not match it, and Enter would do
    // nothing. Sent again, VS Code makes the first that matches active.
    pick.onDidChangeValue(() => {
      if (!refilled) return;
      refilled = false;
      pick.items = pick.items;
    });
    pick.onDidTriggerButton(() => show(api.refreshModels));
    pick.onDidAccept(() => {
      const { choice, keyOf } = pick.selectedItems[0] ?? {};
      if (!choice && keyOf === undefined) return; // a row that cannot be chosen: the list stays
      resolve(choice ? choice.model : vscode.commands.executeCommand(SET_KEY, keyOf || null).then(() => pickModel(options)));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      following.dispose();
      pick.dispose();
    });
    pick.show();
  });
}

function fill(pick: vscode.QuickPick<Item>, options: PickOptions, catalog: Catalog): void {
  const groups = modelGroups(ofProviders(catalog, options.providers), options.current, Date.now(), options.offline);
  const items = [...nearItems(groups, options.near ?? []), ...modelItems(groups)];
  const wantsKeys = !options.providers?.every((id) => vendorOf(id) !== null); // the editor's own models need none
  if (wantsKeys && !groups.some((group) => group.keyless)) items.push({ label: '', kind: vscode.QuickPickItemKind.Separator }, { label: '$(key) Set API Key of Another Provider', keyOf: '' });
  if (options.none) items.unshift({ label: options.none.label, description: options.none.description, choice: { model: null }, iconPath: new vscode.ThemeIcon('dash') });
  const stays = pick.activeItems[0]?.choice; // where the user is, whatever comes
  pick.busy = Object.values(catalog.providers).some(({ status }) => status === 'loading');
  pick.items = items;
  const rowOf = (model: ModelReference | null): Item | undefined => items.find(({ choice }) => choice && (model ? sameModel(choice.model, model) : choice.model === null));
  const first = (): Item | undefined => (options.current && rowOf(options.current)) || items.find((item) => item.choice);
  // Where nothing stays, what is typed decides: VS Code makes the first row that matches it active.
  const preselected = (stays && rowOf(stays.model)) ?? (pick.value ? undefined : first());
  if (preselected) pick.activeItems = [preselected];
}

const ofProviders = (catalog: Catalog, ids: readonly string[] | undefined): Catalog =>
  ids ? { providers: Object.fromEntries(Object.entries(catalog.providers).filter(([id]) => ids.includes(id)).map(withOffered)) } : catalog;

/** What the editor itself offers, nobody can chat with from here, but a file can name it. */
const withOffered = ([id, provider]: [string, Provider]): [string, Provider] => [id, vendorOf(id) === null ? provider : { ...provider, askable: true }];

/** Those of the models that can be chosen, under a heading of their own. */
function nearItems(groups: readonly Group[], near: readonly ModelReference[]): Item[] {
  const rows = near.flatMap((model) => groups.flatMap((group) => group.rows.filter((row) => row.mark !== 'unavailable' && sameModel(row.model, model))));
  return rows.length === 0 ? [] : [{ label: 'Nearest', kind: vscode.QuickPickItemKind.Separator }, ...rows.map(modelItem)];
}

function modelItems(groups: readonly Group[]): Item[] {
  return groups.flatMap((group) => [
    { label: `${group.name} · ${group.note}`, kind: vscode.QuickPickItemKind.Separator },
    ...(group.keyless ? [{ label: `$(key) Set API Key of ${group.name}`, keyOf: group.provider }] : []),
    ...(group.rows.length > 0
      ? group.rows.map(modelItem)
      : [{ label: `$(${group.status === 'loading' ? 'loading~spin' : 'warning'}) ${group.name}`, description: group.error ?? group.note }]),
  ]);
}

const ICON: Readonly<Record<Row['mark'], string>> = { ok: 'sparkle', retiring: 'history', unavailable: 'circle-slash' };

function modelItem(row: Row): Item {
  const description = [row.current ? 'current' : '', besideId(row)].filter(Boolean).join(' · ');
  const item = { label: row.model.model, description, iconPath: new vscode.ThemeIcon(row.current && row.mark === 'ok' ? 'check' : ICON[row.mark]) };
  return row.mark === 'unavailable' ? item : { ...item, choice: { model: row.model } };
}
