// The interpreter that is selected in the Python extension, and when it becomes another one.

import * as vscode from 'vscode';
import { log } from '../log.ts';

/** The little that is used of the Python extension's API. */
interface Environments {
  getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
  resolveEnvironment(path: unknown): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
}

export class Interpreter implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Another one is selected than the one last told. */
  readonly onDidChange = this.#changed.event;
  #told: string | null = null;
  #listening: vscode.Disposable | undefined;

  /** Its path, null where there is none; a workspace that is not trusted has no say in what is run. */
  async path(): Promise<string | null> {
    return (this.#told = await this.#ask());
  }

  async #ask(): Promise<string | null> {
    if (!vscode.workspace.isTrusted) return null;
    const extension = vscode.extensions.getExtension<{ readonly environments?: Environments }>('ms-python.python');
    if (!extension) return null;
    try {
      const { environments } = await extension.activate();
      if (!environments) return null;
      this.#listening ??= environments.onDidChangeActiveEnvironmentPath(() => void this.#compare());
      const [first, ...others] = vscode.workspace.workspaceFolders ?? [];
      if (others.length > 0) log.info(`Using the Python interpreter selected for ${first!.name}, the first of ${others.length + 1} folders. Set 'stagewright.server.path' to use another server.`);
      const active = environments.getActiveEnvironmentPath(first?.uri);
      return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath ?? null;
    } catch (error) {
      log.warn(`Could not get the selected interpreter from the Python extension: ${String(error)}`);
      return null;
    }
  }

  /** It is also told when another folder's is selected, and what was selected already. */
  async #compare(): Promise<void> {
    const now = await this.#ask();
    if (now === this.#told) return;
    this.#told = now;
    this.#changed.fire();
  }

  dispose(): void {
    this.#listening?.dispose();
    this.#changed.dispose();
  }
}
