// What people are told by messages: why something did not happen, be it for want of trust.

import * as vscode from 'vscode';
import { commandButton, offer } from './buttons.ts';
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
  await offer(vscode.window.showWarningMessage, `${what} needs a trusted workspace.`, commandButton('Manage Workspace Trust', 'workbench.trust.manage'));
  return false;
}
