// As much of the Python extension as tells which interpreter is selected: the one that its setting names.

import * as vscode from 'vscode';

const changed = new vscode.EventEmitter<{ readonly path: string }>();
const active = (folder?: vscode.Uri): { readonly path: string } => ({ path: vscode.workspace.getConfiguration('python', folder).get('defaultInterpreterPath', '') });

export function activate(context: vscode.ExtensionContext): object {
  const status = vscode.window.createStatusBarItem();
  status.show();
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand('python.setInterpreter', async () => {
      const path = await vscode.window.showInputBox({ title: 'Select Interpreter' });
      if (path) await vscode.workspace.getConfiguration('python').update('defaultInterpreterPath', path, vscode.ConfigurationTarget.Workspace);
    }),
    changed.event(({ path }) => (status.text = path)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('python.defaultInterpreterPath')) changed.fire(active());
    }),
  );
  return {
    environments: {
      getActiveEnvironmentPath: active,
      resolveEnvironment: async ({ path }: { readonly path: string }) => ({ executable: { uri: vscode.Uri.file(path) } }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
}
