// What all commands share: the parts they work with, how a refusal is told, where the templates are.

import * as vscode from 'vscode';
import type { Panels } from '../chat/panels.ts';
import type { Keys } from '../secrets.ts';
import type { Api, WorkflowKey } from '../server/api.ts';
import { ServerProblem } from '../server/discovery.ts';
import { tellProblem } from '../server/problems.ts';
import type { Session } from '../server/session.ts';
import type { View } from '../protocol.ts';
import { templateGlobs } from '../settings.ts';

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

/** Says why something did not happen; where that is for want of a server, with buttons that bring one back. */
export function tellError(error: unknown): void {
  if (error instanceof ServerProblem) void tellProblem(error);
  else void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}

/** Whether the workspace is trusted; if not, says so and offers the way. */
export async function requireTrust(what: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showWarningMessage(`${what} needs a trusted workspace.`, manage);
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
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
