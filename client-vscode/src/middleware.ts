// Between editor and server: which settings it is given, who asks what is to be chosen, and that nothing is offered or
// changed where nothing may be.

import type { Middleware } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { requireTrust, tellError } from './commands/shared.ts';
import { serverSettings } from './settings.ts';
import { applyWhereShown, type Documents } from './transcripts.ts';

/** The server's commands that only read. */
const READING = /^stagewright\.(?:models\.|template\.)/;

/** What a lens leaves to be chosen is chosen by our own pickers, not by the messages that serve any editor. */
function ownCommand(command: string, argument: { uri?: unknown; model?: unknown } | undefined): string | null {
  if (command === 'stagewright.chat.start' && argument?.uri) return 'stagewright.chatWithStage';
  if (command === 'stagewright.stage.setModel' && argument?.model === undefined) return 'stagewright.changeStageModel';
  return null;
}

const documents: Documents = {
  isShown: (uri) => {
    const inputs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.input));
    const shown = inputs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : input instanceof vscode.TabInputTextDiff ? [input.modified] : []));
    return shown.some((other) => other.toString() === vscode.Uri.parse(uri).toString());
  },
  save: async (uri) => vscode.workspace.textDocuments.find((document) => document.uri.toString() === vscode.Uri.parse(uri).toString())?.save(),
};

/** Without trust a lens says which model a stage has; those that begin something are left out. The fact comes first of a stage's lenses. */
function readingLenses(lenses: readonly vscode.CodeLens[]): vscode.CodeLens[] {
  const first = lenses.filter(({ range }, index) => range.start.line !== lenses[index - 1]?.range.start.line);
  return first.map(({ range, command }) => new vscode.CodeLens(range, { title: command?.title ?? '', command: '' }));
}

/** Without trust an action may run a command that only reads; edits and all other commands are left out. */
const isReading = (action: vscode.Command | vscode.CodeAction): boolean =>
  action instanceof vscode.CodeAction ? !action.edit && action.command !== undefined && READING.test(action.command.command) : READING.test(action.command);

export const middleware: Middleware = {
  provideCodeLenses: async (document, token, next) => {
    const lenses = await next(document, token);
    return vscode.workspace.isTrusted ? lenses : readingLenses(lenses ?? []);
  },
  provideCodeActions: async (document, range, context, token, next) => {
    const actions = await next(document, range, context, token);
    return vscode.workspace.isTrusted ? actions : actions?.filter(isReading);
  },
  prepareRename: (document, position, token, next) => {
    if (vscode.workspace.isTrusted) return next(document, position, token);
    throw new Error('Renaming needs a trusted workspace. Trust it by the command “Workspaces: Manage Workspace Trust”.');
  },
  workspace: {
    handleApplyEdit: (params, next) => {
      const changed = (params.edit.documentChanges ?? []).flatMap((change) => ('textDocument' in change ? [change.textDocument.uri] : []));
      return applyWhereShown(changed, documents, () => next(params, new vscode.CancellationTokenSource().token));
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
