// Checking all files of the workspace, closed ones too: what was found, and what was looked at.

import * as vscode from 'vscode';
import { commandButton, offer } from '../buttons.ts';
import { log } from '../log.ts';
import type { Checked } from '../protocol.ts';
import { CommandError } from '../server/errors.ts';
import { checkText, countText } from '../text.ts';
import { chooseThen, command, type Parts } from './shared.ts';

export function checkCommands(parts: Parts): vscode.Disposable[] {
  return [command('stagewright.checkWorkspace', () => checkWorkspace(parts))];
}

async function checkWorkspace({ api }: Parts): Promise<void> {
  if (!vscode.workspace.workspaceFolders?.length) throw new Error('There is no workspace to check: open a folder first.');
  const checked = await untilCancelled(api.check());
  if (!checked) return;
  for (const problem of checked.problems) log.warn(problem);
  const problems = commandButton('Show Problems', 'workbench.actions.view.problems');
  const files = { title: 'Show Files', run: () => showFiles(checked) };
  const found = Object.values(checked.severities).some((count) => count > 0);
  await offer(vscode.window.showInformationMessage, checkText(checked), ...(found ? [problems] : []), ...(checked.files.length > 0 ? [files] : []));
}

/** That the user cancelled it is nothing to tell. */
async function untilCancelled(check: Promise<Checked>): Promise<Checked | null> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof CommandError && error.code === 'cancelled') return null;
    throw error;
  }
}

/** What was looked at: those with problems first, each with what it was taken for. */
async function showFiles({ files }: Checked): Promise<void> {
  const items = [...files].sort((a, b) => b.diagnostics - a.diagnostics).map(({ uri, dialect, diagnostics }) => ({
    label: vscode.workspace.asRelativePath(vscode.Uri.parse(uri)),
    description: [dialect, diagnostics > 0 ? countText(diagnostics, 'problem') : ''].filter(Boolean).join(' · '),
    uri: vscode.Uri.parse(uri),
  }));
  await chooseThen(items, { title: `${countText(files.length, 'file')} checked` }, ({ uri }) => Promise.resolve(vscode.window.showTextDocument(uri)));
}
