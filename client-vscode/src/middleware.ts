// Between editor and server: which settings it is given, who asks what is to be chosen, and that nothing is changed
// where nothing may be.

import type { Middleware } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { requireTrust, tellError } from './commands/shared.ts';
import { serverSettings } from './settings.ts';

/** The server's commands that only read. */
const READING = /^stagewright\.(?:models\.|template\.)/;

/** What a lens leaves to be chosen is chosen by our own pickers, not by the messages that serve any editor. */
function ownCommand(command: string, argument: { uri?: unknown; model?: unknown } | undefined): string | null {
  if (command === 'stagewright.chat.start' && argument?.uri) return 'stagewright.chatWithStage';
  if (command === 'stagewright.stage.setModel' && argument?.model === undefined) return 'stagewright.changeStageModel';
  return null;
}

/** VS Code keeps a document for minutes after its tab was closed, and an edit would bring the tab back. */
function isHiddenTranscript(uri: string): boolean {
  const inputs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.input));
  const shown = inputs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : input instanceof vscode.TabInputTextDiff ? [input.modified] : []));
  return uri.endsWith('.chat.md') && !shown.some((other) => other.toString() === vscode.Uri.parse(uri).toString());
}

export const middleware: Middleware = {
  workspace: {
    handleApplyEdit: (params, next) => {
      const changed = (params.edit.documentChanges ?? []).flatMap((change) => ('textDocument' in change ? [change.textDocument.uri] : []));
      if (changed.length > 0 && changed.every(isHiddenTranscript)) return { applied: false, failureReason: 'The transcript is not shown.' };
      return next(params, new vscode.CancellationTokenSource().token);
    },
    configuration: (params) => params.items.map((item) => (item.section === 'stagewright' ? serverSettings() : null)),
  },
  // Lenses and code actions name the server's commands; a refusal of one is said as those of our own commands are.
  executeCommand: async (command, args: unknown[], next) => {
    const own = ownCommand(command, args[0] as object | undefined);
    if (own) return vscode.commands.executeCommand(own, args[0]);
    try {
      if (READING.test(command) || (await requireTrust('This'))) return await next(command, args);
    } catch (error) {
      tellError(error);
    }
  },
};

interface MessageRequest {
  readonly type: number;
  readonly message: string;
  readonly actions?: readonly { readonly title: string }[];
}

/** A question of the server: a few answers are buttons, as usual; many are a list. */
export async function askMany({ type, message, actions = [] }: MessageRequest): Promise<{ title: string } | null> {
  if (actions.length > 3) return await chooseFrom(actions, message);
  const show = [vscode.window.showErrorMessage, vscode.window.showWarningMessage][type - 1] ?? vscode.window.showInformationMessage;
  return (await show(message, ...actions.map(({ title }) => ({ title })))) ?? null;
}

async function chooseFrom(actions: readonly { readonly title: string }[], title: string): Promise<{ title: string } | null> {
  const chosen = await vscode.window.showQuickPick(actions.map((action) => ({ label: action.title, action })), { title });
  return chosen?.action ?? null;
}
