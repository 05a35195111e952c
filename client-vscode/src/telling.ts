// What people are told and asked by messages: why something did not happen, for want of trust, and what the server asks.

import * as vscode from 'vscode';
import { ServerProblem } from './server/errors.ts';
import { tellProblem } from './server/problems.ts';

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
