// The extension: puts its parts together, and starts the server when an open document names a model.

import * as vscode from 'vscode';
import { Panels } from './chat/panels.ts';
import { checkCommands } from './commands/check.ts';
import { modelCommands } from './commands/models.ts';
import { pages } from './commands/pages.ts';
import { providerCommands } from './commands/providers.ts';
import type { Parts } from './commands/shared.ts';
import { templateCommands } from './commands/templates.ts';
import { workflowCommands } from './commands/workflows.ts';
import { Documents } from './documents.ts';
import { inventoryCommands } from './inventory/commands.ts';
import { InventoryView } from './inventory/view.ts';
import { log } from './log.ts';
import { middleware } from './middleware.ts';
import { Offered } from './offered.ts';
import { Keys } from './secrets.ts';
import { Api } from './server/api.ts';
import { Interpreter } from './server/interpreter.ts';
import { tellProblem } from './server/problems.ts';
import { Session } from './server/session.ts';
import { CLAIM_SETTINGS, START_SETTINGS } from './settings.ts';
import { Status } from './status.ts';
import { Typing } from './typing.ts';

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const begin = performance.now();
  const keys = new Keys(context);
  const interpreter = new Interpreter();
  const documents = new Documents();
  session = new Session(context, keys, interpreter, documents, middleware(() => status.providers, (uri, position) => api.siteAt(uri, position).catch(() => null)));
  const status = new Status(session, documents);
  const api = new Api(session);
  const panels = new Panels(context, session, api);
  const parts: Parts = { session, api, panels, keys };
  const inventory = new InventoryView(context, session, api);
  const running = session;
  /** A server that runs is started anew; where none was needed so far, none is. */
  const restart = (): void => {
    if (running.state.kind !== 'idle') void vscode.commands.executeCommand('stagewright.restartServer');
  };
  context.subscriptions.push(
    interpreter,
    documents,
    documents.onDidFind(({ document, reason }) => running.wake(`${vscode.workspace.asRelativePath(document.uri)} is open, and ${reason} speaks of models.`)),
    api.onModelsChanged(() => void panels.reloadCatalog()),
    status,
    new Typing(),
    ...checkCommands(parts),
    ...modelCommands(parts),
    ...templateCommands(parts),
    ...workflowCommands(parts),
    ...providerCommands(parts),
    ...pages(),
    inventory,
    new Offered(session),
    ...inventoryCommands(inventory, api),
    session.onDidChange((state) => {
      if (state.kind === 'failed') void tellProblem(state.problem);
      if (state.kind === 'running') void api.ownFiles().then((globs) => globs.length > 0 && documents.lookAgain(globs), () => undefined);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (CLAIM_SETTINGS.some((section) => change.affectsConfiguration(section))) documents.lookAgain();
      if (START_SETTINGS.some((section) => change.affectsConfiguration(section))) restart();
      else if (change.affectsConfiguration('stagewright')) void running.configure();
    }),
    interpreter.onDidChange(async () => {
      if (await running.isOutdated()) restart();
    }),
    keys.onDidChangeElsewhere(() => {
      log.info('An API key was changed in another window. Restarting the server.');
      restart();
    }),
    // A trusted workspace may say which interpreter has the server.
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  documents.lookAgain();
  log.info(`Activated in ${Math.round(performance.now() - begin)} ms.`);
}

/** Subscriptions are disposed of while this still waits: the log is needed longer. */
export async function deactivate(): Promise<void> {
  await session?.dispose();
  log.dispose();
}
