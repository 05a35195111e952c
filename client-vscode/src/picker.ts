// Choosing a model by QuickPick: grouped by provider, with what is known of each.

import * as vscode from 'vscode';
import { modelGroups, type Group, type Row } from './models.ts';
import { sameModel, type Catalog, type ModelReference } from './protocol.ts';
import type { Api } from './server/api.ts';

interface Item extends vscode.QuickPickItem {
  readonly choice?: { readonly model: ModelReference | null };
}

export interface PickOptions {
  readonly title: string;
  readonly api: Api;
  readonly current: ModelReference | null;
  /** The row that chooses no model, where there is one: `No default`, `Stage default`. */
  readonly none?: { readonly label: string; readonly description: string };
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
      const choice = pick.selectedItems[0]?.choice;
      if (!choice) return; // a row that cannot be chosen: the list stays
      resolve(choice.model);
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
  const items = modelItems(modelGroups(catalog, options.current, Date.now()));
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

function modelItems(groups: readonly Group[]): Item[] {
  return groups.flatMap((group) => [
    { label: `${group.name} · ${group.note}`, kind: vscode.QuickPickItemKind.Separator },
    ...(group.rows.length > 0
      ? group.rows.map(modelItem)
      : [{ label: `$(${group.status === 'loading' ? 'loading~spin' : 'warning'}) ${group.name}`, description: group.error ?? group.note }]),
  ]);
}

const ICON: Readonly<Record<Row['mark'], string>> = { ok: 'sparkle', retiring: 'history', unavailable: 'circle-slash' };

function modelItem(row: Row): Item {
  const description = [row.current ? 'current' : '', row.facts, row.name].filter(Boolean).join(' · ');
  const item = { label: row.model.model, description, iconPath: new vscode.ThemeIcon(row.current && row.mark === 'ok' ? 'check' : ICON[row.mark]) };
  return row.mark === 'unavailable' ? item : { ...item, choice: { model: row.model } };
}
