// Where the server comes from in this window: discovery with VS Code's settings, interpreter, storage and progress.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import { findServer, leadsElsewhere, type Server } from './discovery.ts';
import type { Interpreter } from './interpreter.ts';
import { ownServer } from './own.ts';
import { tellPassedOver } from './problems.ts';
import { findPython, pythonCandidates } from './python.ts';
import { run } from './run.ts';

/** Raises ServerProblem. */
export async function locateServer(context: vscode.ExtensionContext, selected: Interpreter, { ownOnly, before }: { ownOnly: boolean; before: Server | null }): Promise<Server> {
  const storage = context.globalStorageUri;
  await vscode.workspace.fs.createDirectory(storage);
  const path = ownOnly ? '' : setting('path');
  const interpreter = ownOnly || path ? null : await selected.path();
  return findServer({
    path,
    interpreter,
    before: ownOnly ? null : before,
    cwd: storage.fsPath,
    run,
    note: (message) => {
      log.warn(message);
      void tellPassedOver(message);
    },
    own: () =>
      ownServer({
        storage: storage.fsPath,
        bundle: vscode.Uri.joinPath(context.extensionUri, 'server').fsPath,
        platform: process.platform,
        run,
        python: () => findPython(run, pythonCandidates(setting('python'), interpreter, process.platform), storage.fsPath),
        withProgress,
        log: (line) => log.info(line),
      }),
  });
}

/** Whether the interpreter that is selected now leads to another server than the one in use, if any is. */
export async function isOutdated(context: vscode.ExtensionContext, selected: Interpreter, current: Server | null): Promise<boolean> {
  return leadsElsewhere(current, { path: setting('path'), interpreter: await selected.path(), cwd: context.globalStorageUri.fsPath, run });
}

const setting = (name: 'path' | 'python'): string => vscode.workspace.getConfiguration('stagewright.server').get(name, '').trim();

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
