// Between editor and server: which settings it is given, who asks what is to be chosen, that nothing is offered or
// changed where nothing may be, and that a missing key can be set where it is told.

import type { Middleware } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { distinct, missingKey, SET_KEY, setKeyLink, wantsKey, type MissingKey, type TellsKey } from './keys.ts';
import type { ProviderState } from './protocol.ts';
import { serverSettings } from './settings.ts';
import { requireTrust, tellError } from './telling.ts';
import { applyWhereShown, type Documents } from './transcripts.ts';

/** The server's commands that only read. */
const READING = /^stagewright\.(?:models\.|template\.)/;

/** What a lens leaves to be chosen is chosen by our own pickers, not by the messages that serve any editor. */
function ownCommand(command: string, argument: { uri?: unknown; model?: unknown } | undefined): string | null {
  if (command === 'stagewright.chat.start' && argument?.uri) return 'stagewright.chatWithStage';
  if (command === 'stagewright.model.set' && argument?.model === undefined) return 'stagewright.changeModel';
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

/** The hover with a link for each missing key: of what is named and what is marked there. A hover itself has no data. */
function withKeys(hover: vscode.Hover | null | undefined, told: readonly object[], providers: Providers): vscode.Hover | null | undefined {
  const keys = distinct(told.map((one) => missingKey(one, providers)));
  if (keys.length === 0) return hover;
  const links = new vscode.MarkdownString(keys.map(setKeyLink).join(' · '));
  links.isTrusted = { enabledCommands: [SET_KEY] };
  return new vscode.Hover([...(hover?.contents ?? []), links], hover?.range);
}

const setKey = ({ provider, name }: MissingKey): vscode.Command => ({ title: `Set API Key of ${name}`, command: SET_KEY, arguments: [provider] });

function keyActions(diagnostics: readonly vscode.Diagnostic[], providers: Providers): vscode.CodeAction[] {
  const told = diagnostics.map((diagnostic) => ({ diagnostic, key: missingKey(diagnostic, providers) }));
  return distinct(told.map(({ key }) => key)).map((key) => {
    const action = new vscode.CodeAction(`Set API Key of ${key.name}`, vscode.CodeActionKind.QuickFix);
    action.command = setKey(key);
    action.diagnostics = told.filter((one) => one.key?.provider === key.provider).map(({ diagnostic }) => diagnostic);
    return action;
  });
}

/** A provider that no key would help, such as one that is turned off: what can be done stands in the settings. */
function settingsActions(diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  const told = diagnostics.filter((one) => one.source === 'stagewright' && codeOf(one) === 'provider-not-configured' && !wantsKey(one));
  if (told.length === 0) return [];
  const action = new vscode.CodeAction('Open Settings', vscode.CodeActionKind.QuickFix);
  action.command = { title: action.title, command: 'stagewright.openSettings' };
  action.diagnostics = told;
  return [action];
}

const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

/** A first row that tells a key to be missing offers nothing to insert: taken, it sets the key. */
function withKeyCommand([first]: readonly vscode.CompletionItem[], providers: Providers): void {
  const key = first && missingKey(first, providers);
  if (key) first.command = setKey(key);
}

type Providers = Readonly<Record<string, ProviderState>>;

/** `providers` gives them as they were told last, `modelAt` what is named at a place. */
export const middleware = (providers: () => Providers, modelAt: (uri: string, position: vscode.Position) => Promise<TellsKey | null>): Middleware => ({
  provideHover: async (document, position, token, next) => {
    const [hover, data] = await Promise.all([next(document, position, token), modelAt(document.uri.toString(), position)]);
    const marked = vscode.languages.getDiagnostics(document.uri).filter(({ range }) => range.contains(position));
    return withKeys(hover, [{ data }, ...marked], providers());
  },
  provideCompletionItem: async (document, position, context, token, next) => {
    const found = await next(document, position, context, token);
    withKeyCommand(Array.isArray(found) ? found : (found?.items ?? []), providers());
    return found;
  },
  provideCodeLenses: async (document, token, next) => {
    const lenses = await next(document, token);
    return vscode.workspace.isTrusted ? lenses : readingLenses(lenses ?? []);
  },
  provideCodeActions: async (document, range, context, token, next) => {
    const actions = (await next(document, range, context, token)) ?? [];
    return [...(vscode.workspace.isTrusted ? actions : actions.filter(isReading)), ...keyActions(context.diagnostics, providers()), ...settingsActions(context.diagnostics)];
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
});
