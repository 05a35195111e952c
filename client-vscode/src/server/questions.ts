// What the server asks people.

import * as vscode from 'vscode';

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
