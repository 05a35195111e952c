// Messages with buttons: each button carries what it does, so that nothing depends on what it says.

import * as vscode from 'vscode';

/** A button of a message; VS Code gives back the very one that was pressed. */
export interface Button extends vscode.MessageItem {
  readonly run: () => unknown;
}

/** A button that runs a command. */
export const commandButton = (title: string, command: string, ...args: readonly unknown[]): Button => ({ title, run: () => vscode.commands.executeCommand(command, ...args) });

type Show = (message: string, ...buttons: Button[]) => Thenable<Button | undefined>;

/** Shows a message and does what the pressed button is for; done when that is, or when the message is closed. */
export async function offer(show: Show, message: string, ...buttons: readonly Button[]): Promise<void> {
  const pressed = await show(message, ...buttons);
  await pressed?.run();
}
