// What all commands share: the parts they work with, how they are registered, where the templates are.

import * as vscode from 'vscode';
import type { Panels } from '../chat/panels.ts';
import type { Keys } from '../secrets.ts';
import type { View, WorkflowKey } from '../protocol.ts';
import type { Api } from '../server/api.ts';
import type { Session } from '../server/session.ts';
import { templateGlobs } from '../settings.ts';
import { requireTrust, tellError } from '../telling.ts';

export interface Parts {
  readonly session: Session;
  readonly api: Api;
  readonly panels: Panels;
  readonly keys: Keys;
}

export const keyOf = (view: View): WorkflowKey => ({ workflowId: view.workflow.id, root: view.root });

/** Registers a command whose refusals are shown as messages. */
export function command(id: string, action: (...args: never[]) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: never[]) => {
    try {
      await action(...args);
    } catch (error) {
      tellError(error);
    }
  });
}

/** As `command`, for what changes the workspace or talks to a model: without trust it is refused. */
export function trustedCommand(id: string, what: string, action: (...args: never[]) => Promise<unknown>): vscode.Disposable {
  return command(id, async (...args) => {
    if (await requireTrust(what)) await action(...args);
  });
}

/** The workspace's templates, by path. */
export async function templateFiles(): Promise<vscode.Uri[]> {
  const found = await Promise.all(templateGlobs().map((pattern) => vscode.workspace.findFiles(pattern)));
  return found.flat().sort((a, b) => a.path.localeCompare(b.path));
}

/**
 * A list to choose from, and what is asked next. The list stays until that is answered or takes its place: in between
 * the focus would go back to the editor, and a chat panel, which takes it late, would take it from what is asked next.
 */
export function chooseThen<T extends vscode.QuickPickItem, R>(items: readonly T[], options: { readonly title: string; readonly active?: T | undefined }, next: (item: T) => Promise<R>): Promise<R | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = options.title;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true; // a chat beside it that takes the focus back must not answer for the user
  pick.items = items;
  if (options.active) pick.activeItems = [options.active];
  return new Promise((resolve, reject) => {
    let answer: Promise<R> | undefined;
    pick.onDidAccept(() => {
      const item = pick.selectedItems[0];
      if (!item || answer) return;
      pick.busy = true;
      answer = next(item).finally(() => pick.hide());
      answer.then(resolve, reject);
    });
    pick.onDidHide(() => {
      if (!answer) resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
