// API keys in VS Code's secret storage, by the environment variable under which the server expects them.

import type * as vscode from 'vscode';

const NAMES = 'stagewright.keyVariables';
const PREFIX = 'stagewright.env.';

/** What of the extension's context keeps the keys, and their names. */
export interface KeyStorage {
  readonly secrets: vscode.SecretStorage;
  readonly globalState: Pick<vscode.Memento, 'get' | 'update'>;
}

export class Keys {
  readonly #storage: KeyStorage;
  /** Keys as this window set them or learned of them last: what VS Code tells of a change does not say whose it was. */
  readonly #known = new Map<string, string | undefined>();

  constructor(storage: KeyStorage) {
    this.#storage = storage;
  }

  /** The variables that have a stored key; names only. */
  get variables(): string[] {
    return this.#storage.globalState.get<string[]>(NAMES, []);
  }

  async set(variable: string, key: string): Promise<void> {
    this.#known.set(variable, key);
    await this.#storage.secrets.store(secretOf(variable), key);
    await this.#storage.globalState.update(NAMES, [...new Set([...this.variables, variable])].sort());
  }

  async remove(variable: string): Promise<void> {
    this.#known.set(variable, undefined);
    await this.#storage.secrets.delete(secretOf(variable));
    await this.#storage.globalState.update(NAMES, this.variables.filter((name) => name !== variable));
  }

  /** Calls back when another window has stored another key, or removed one. */
  onDidChangeElsewhere(listener: () => void): vscode.Disposable {
    return this.#storage.secrets.onDidChange(async ({ key: name }) => {
      if (!name.startsWith(PREFIX)) return;
      const variable = name.slice(PREFIX.length);
      const before = this.#known.get(variable);
      if ((await this.#read(variable)) !== before) listener();
    });
  }

  /** What the server gets beside the editor's own environment; a stored key stands before a variable of the shell. */
  async environment(): Promise<Record<string, string>> {
    const environment: Record<string, string> = {};
    // The names that another window noted may come later than the news of its key.
    for (const variable of new Set([...this.variables, ...this.#known.keys()])) {
      const key = await this.#read(variable);
      if (key) environment[variable] = key;
    }
    return environment;
  }

  async #read(variable: string): Promise<string | undefined> {
    const key = await this.#storage.secrets.get(secretOf(variable));
    this.#known.set(variable, key);
    return key;
  }
}

const secretOf = (variable: string): string => `${PREFIX}${variable}`;
