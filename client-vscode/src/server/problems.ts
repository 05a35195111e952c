// Telling people that there is no server, with buttons that help.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import { showSettings } from '../settings.ts';
import type { Help, ServerProblem } from './errors.ts';

const LABEL: Readonly<Record<Help, string>> = {
  retry: 'Retry',
  restart: 'Restart',
  log: 'Show Log',
  settings: 'Open Settings',
  python: 'Choose Python',
  own: "Use the Extension's Own",
};

export async function tellProblem(problem: ServerProblem): Promise<void> {
  const choice = await vscode.window.showErrorMessage(problem.message, ...problem.help.map((help) => LABEL[help]));
  const help = problem.help.find((candidate) => LABEL[candidate] === choice);
  if (help === 'retry' || help === 'restart') await vscode.commands.executeCommand('stagewright.restartServer');
  else if (help === 'own') await vscode.commands.executeCommand('stagewright.restartServer', { ownOnly: true });
  else if (help === 'log') log.show();
  else if (help === 'settings') await showSettings('stagewright.server');
  else if (help === 'python') await selectPython();
}

/** Says why the selected Python's server is not the one that runs, with the way to another Python. */
export async function tellPassedOver(message: string): Promise<void> {
  const [select, show] = ['Select Interpreter', LABEL.log];
  const choice = await vscode.window.showWarningMessage(message, select, show);
  if (choice === select) await vscode.commands.executeCommand('python.setInterpreter');
  else if (choice === show) log.show();
}

/** Stores which Python the own environment is made from; the change of the setting starts the server again. */
export async function selectPython(): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({ title: 'Python 3.11 or newer', openLabel: 'Use This Python', canSelectMany: false });
  if (chosen?.[0]) await vscode.workspace.getConfiguration('stagewright.server').update('python', chosen[0].fsPath, vscode.ConfigurationTarget.Global);
}
