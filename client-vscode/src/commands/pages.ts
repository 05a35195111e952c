// The page about diagnostics, rendered, at the section of one code: what the link of a code leads to.

import * as vscode from 'vscode';
import { command } from './shared.ts';

export const pageCommands = (): vscode.Disposable[] => [command('stagewright.explainCode', explain)];

async function explain(page: unknown, code: unknown): Promise<void> {
  if (typeof page !== 'string' || typeof code !== 'string') return;
  const uri = vscode.Uri.parse(page);
  if (uri.scheme !== 'file' || !uri.path.endsWith('/stagewright/docs/diagnostics.md')) return;
  await vscode.commands.executeCommand('markdown.showPreview', uri.with({ fragment: code }));
}
