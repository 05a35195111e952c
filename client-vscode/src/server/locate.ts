// Where the server comes from in this window: discovery with VS Code's settings, interpreter, storage and progress.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import { findServer, type Server } from './discovery.ts';
import { ownServer } from './own.ts';
import { findPython, pythonCandidates } from './python.ts';
import { run } from './run.ts';

/** Raises ServerProblem. */
export async function locateServer(context: vscode.ExtensionContext, options: { ownOnly: boolean }): Promise<Server> {
  const configuration = vscode.workspace.getConfiguration('stagewright.server');
  const storage = context.globalStorageUri;
  await vscode.workspace.fs.createDirectory(storage);
  const interpreter = options.ownOnly ? null : await selectedInterpreter();
  return findServer({
    path: options.ownOnly ? '' : configuration.get('path', '').trim(),
    interpreter,
    cwd: storage.fsPath,
    run,
    note: (message) => {
      log.warn(message);
      void vscode.window.showWarningMessage(message);
    },
    own: () =>
      ownServer({
        storage: storage.fsPath,
        bundle: vscode.Uri.joinPath(context.extensionUri, 'server').fsPath,
        platform: process.platform,
        run,
        python: () => findPython(run, pythonCandidates(configuration.get('python', '').trim(), interpreter, process.platform), storage.fsPath),
        withProgress,
        log: (line) => log.info(line),
      }),
  });
}

function withProgress<T>(task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Setting up Stagewright (once)', cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return task((message) => progress.report({ message }), stop.signal);
    }),
  );
}

/** The little that is used of the Python extension's API. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: unknown): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The selected interpreter; a workspace that is not trusted has no say in what is run. */
async function selectedInterpreter(): Promise<string | null> {
  if (!vscode.workspace.isTrusted) return null;
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (!extension) return null;
  try {
    const { environments } = await extension.activate();
    if (!environments) return null;
    const active = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath ?? null;
  } catch (error) {
    log.warn(`The Python extension did not tell its interpreter: ${String(error)}`);
    return null;
  }
}
