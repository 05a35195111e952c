// Telling people that there is no server, with buttons that help.

import * as vscode from 'vscode';
import { commandButton, offer, type Button } from '../buttons.ts';
import { log } from '../log.ts';
import { showSettings } from '../settings.ts';
import type { Help, ServerProblem } from './errors.ts';

const BUTTON: Readonly<Record<Help, Button>> = {
  retry: commandButton('Retry', 'stagewright.restartServer'),
  restart: commandButton('Restart', 'stagewright.restartServer'),
  log: { title: 'Show Log', run: () => log.show() },
  settings: { title: 'Open Settings', run: () => showSettings('stagewright.server') },
  python: { title: 'Choose Python', run: selectPython },
  own: commandButton("Use the Extension's Own", 'stagewright.restartServer', { ownOnly: true }),
};

export function tellProblem(problem: ServerProblem): Promise<void> {
  return offer(vscode.window.showErrorMessage, problem.message, ...problem.help.map((help) => BUTTON[help]));
}

/** Says why the selected Python's server is not the one that runs, with the way to another Python. */
export function tellPassedOver(message: string): Promise<void> {
  return offer(vscode.window.showWarningMessage, message, commandButton('Select Interpreter', 'python.setInterpreter'), BUTTON.log);
}

/** Stores which Python the own environment is made from; the change of the setting starts the server again. */
export async function selectPython(): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({ title: 'Python 3.11 or newer', openLabel: 'Use This Python', canSelectMany: false });
  if (chosen?.[0]) await vscode.workspace.getConfiguration('stagewright.server').update('python', chosen[0].fsPath, vscode.ConfigurationTarget.Global);
}
