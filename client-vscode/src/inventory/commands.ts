// Commands about the models in use: showing them, refreshing, grouping, and saving them to a file.

import * as vscode from 'vscode';
import { offer } from '../buttons.ts';
import { command } from '../commands/shared.ts';
import type { Api } from '../server/api.ts';
import type { InventoryView } from './view.ts';

export function inventoryCommands(view: InventoryView, api: Api): vscode.Disposable[] {
  return [
    command('stagewright.showInventory', () => view.show()),
    command('stagewright.refreshInventory', () => view.take()),
    command('stagewright.groupByModel', () => view.group('model')),
    command('stagewright.groupByFile', () => view.group('file')),
    command('stagewright.groupByEnd', () => view.group('end')),
    command('stagewright.exportInventory', () => exportInventory(api)),
  ];
}

async function exportInventory(api: Api): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: 'Export the models in use',
    saveLabel: 'Export',
    filters: { JSON: ['json'], CSV: ['csv'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'models-in-use.json') } : {}),
  });
  if (!target) return;
  const text = await api.exportInventory(target.path.toLowerCase().endsWith('.csv') ? 'csv' : 'json');
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = { title: 'Open', run: () => vscode.window.showTextDocument(target) };
  await offer(vscode.window.showInformationMessage, `The models in use were saved to ${vscode.workspace.asRelativePath(target)}.`, open);
}
