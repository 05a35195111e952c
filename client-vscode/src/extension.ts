// The extension: puts its parts together and starts the server.

import * as vscode from 'vscode';
import { Panels } from './chat/panels.ts';
import { pages } from './commands/pages.ts';
import { providerCommands } from './commands/providers.ts';
import type { Parts } from './commands/shared.ts';
import { templateCommands } from './commands/templates.ts';
import { workflowCommands } from './commands/workflows.ts';
import { inventoryCommands } from './inventory/commands.ts';
import { InventoryView } from './inventory/view.ts';
import { log } from './log.ts';
import { middleware } from './middleware.ts';
import { Keys } from './secrets.ts';
import { Api } from './server/api.ts';
import { Interpreter } from './server/interpreter.ts';
import { tellProblem } from './server/problems.ts';
import { Session } from './server/session.ts';
import { START_SETTINGS } from './settings.ts';
import { Status } from './status.ts';
import { Typing } from './typing.ts';

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const begin = performance.now();
  const keys = new Keys(context);
  const interpreter = new Interpreter();
  session = new Session(context, keys, interpreter, middleware(() => status.providers, (uri, position) => api.modelAt(uri, position).catch(() => null)));
  const status = new Status(session);
  const api = new Api(session);
  const panels = new Panels(context, session, api);
  const parts: Parts = { session, api, panels, keys };
  const inventory = new InventoryView(context, session, api);
  const running = session;
  const restart = (): Thenable<void> => vscode.commands.executeCommand('stagewright.restartServer');
  context.subscriptions.push(
    interpreter,
    api.onModelsChanged(() => void panels.reloadCatalog()),
    status,
    new Typing(),
    ...templateCommands(parts),
    ...workflowCommands(parts),
    ...providerCommands(parts),
    ...pages(),
    inventory,
    ...inventoryCommands(inventory, api),
    session.onDidChange((state) => {
      if (state.kind === 'failed') void tellProblem(state.problem);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (START_SETTINGS.some((section) => change.affectsConfiguration(section))) void restart();
      else if (change.affectsConfiguration('stagewright')) void running.configure();
    }),
    interpreter.onDidChange(async () => {
      if (await running.isOutdated()) void restart();
    }),
    keys.onDidChangeElsewhere(() => {
      log.info('An API key was changed in another window: the server is started anew with it.');
      void restart();
    }),
    // A trusted workspace may say which interpreter has the server.
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  log.info(`Activated in ${Math.round(performance.now() - begin)} ms.`);
  void restart();
}

/** Subscriptions are disposed of while this still waits: the log is needed longer. */
export async function deactivate(): Promise<void> {
  await session?.dispose();
  log.dispose();
}
