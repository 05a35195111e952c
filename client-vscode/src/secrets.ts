// API keys in VS Code's secret storage, by the environment variable under which the server expects them.

import * as vscode from 'vscode';

const NAMES = 'stagewright.keyVariables';

export class Keys {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** The variables that have a stored key; names only. */
  get variables(): string[] {
    return this.#context.globalState.get<string[]>(NAMES, []);
  }

  async set(variable: string, key: string): Promise<void> {
    await this.#context.secrets.store(secretOf(variable), key);
    await this.#context.globalState.update(NAMES, [...new Set([...this.variables, variable])].sort());
  }

  async remove(variable: string): Promise<void> {
    await this.#context.secrets.delete(secretOf(variable));
    await this.#context.globalState.update(NAMES, this.variables.filter((name) => name !== variable));
  }

  /** What the server gets beside the editor's own environment; a stored key stands before a variable of the shell. */
  async environment(): Promise<Record<string, string>> {
    const environment: Record<string, string> = {};
    for (const variable of this.variables) {
      const key = await this.#context.secrets.get(secretOf(variable));
      if (key) environment[variable] = key;
    }
    return environment;
  }
}

const secretOf = (variable: string): string => `stagewright.env.${variable}`;
