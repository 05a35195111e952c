// The language status: the server, and each provider's state with what can be done about it.

import * as vscode from 'vscode';
import type { Documents } from './documents.ts';
import type { ProviderState, ServerStatus } from './protocol.ts';
import type { Session, SessionState } from './server/session.ts';
import { SERVED } from './settings.ts';
import { OTHERS, statusLines, type StatusLine } from './text.ts';

const { Error: Bad, Information: Fine, Warning: Doubtful } = vscode.LanguageStatusSeverity;
const SEVERITY = { ok: Fine, warning: Doubtful, error: Bad } as const;
const ACTION = {
  refresh: { title: 'Refresh', command: 'stagewright.refreshModels' },
  key: { title: 'Set API Key', command: 'stagewright.setApiKey' },
} as const;

/** No document is of this scheme. */
const NOWHERE: vscode.DocumentSelector = { scheme: 'stagewright-nowhere' };

export class Status implements vscode.Disposable {
  readonly #documents: Documents;
  readonly #listening: vscode.Disposable[];
  readonly #server: vscode.LanguageStatusItem;
  readonly #lines = new Map<string, vscode.LanguageStatusItem>();
  readonly #timer: NodeJS.Timeout;
  #providers: Readonly<Record<string, ProviderState>> = {};
  #selector: vscode.DocumentSelector = NOWHERE;

  constructor(session: Session, documents: Documents) {
    this.#documents = documents;
    // VS Code orders the items by their ids: the server stands below the providers.
    this.#server = vscode.languages.createLanguageStatusItem('stagewright.server', NOWHERE);
    this.#server.name = 'Stagewright';
    this.#listening = [vscode.window.onDidChangeActiveTextEditor(() => this.#follow()), documents.onDidFind(() => this.#follow())];
    session.onDidChange((state) => this.#showServer(state));
    session.on<ServerStatus>('stagewright/status', (status) => {
      this.#providers = status.providers;
      this.#showProviders();
    });
    // The age of a list is part of what is said.
    this.#timer = setInterval(() => this.#showProviders(), 60_000);
    this.#showServer(session.state);
    this.#follow();
  }

  /** As the server told them last. */
  get providers(): Readonly<Record<string, ProviderState>> {
    return this.#providers;
  }

  /** Beside a file that names models, and beside no other. */
  #follow(): void {
    const document = vscode.window.activeTextEditor?.document;
    const isOurs = document !== undefined && this.#documents.isOurs(document);
    this.#selector = isOurs ? SERVED : NOWHERE;
    for (const item of [this.#server, ...this.#lines.values()]) item.selector = this.#selector;
    void vscode.commands.executeCommand('setContext', 'stagewright.namesModels', isOurs);
  }

  #showServer(state: SessionState): void {
    this.#server.busy = state.kind === 'starting';
    this.#server.severity = state.kind === 'failed' ? Bad : Fine;
    this.#server.command = { title: 'Actions', command: 'stagewright.showActions' };
    this.#server.detail = '';
    if (state.kind === 'idle') this.#server.text = 'Stagewright has not started';
    else if (state.kind === 'starting') this.#server.text = 'Stagewright is starting';
    else if (state.kind === 'running') {
      this.#server.text = `Stagewright ${state.server.version}`;
      this.#server.detail = { setting: 'from the settings', interpreter: `from ${selectedPython()}`, own: "the extension's own" }[state.server.source];
    } else {
      this.#server.text = 'Stagewright is not running';
      this.#server.detail = state.problem.message;
    }
    // What a server said that is gone is no longer so.
    if (state.kind === 'failed') this.#providers = {};
    this.#showProviders();
  }

  #showProviders(): void {
    const lines = statusLines(this.#providers, Date.now());
    for (const [id, item] of this.#lines)
      if (!lines.some((line) => line.id === id)) {
        item.dispose();
        this.#lines.delete(id);
      }
    for (const line of lines) show(this.#lines.get(line.id) ?? this.#add(line), line);
  }

  #add({ id }: StatusLine): vscode.LanguageStatusItem {
    const item = vscode.languages.createLanguageStatusItem(`stagewright.provider.${id}`, this.#selector);
    this.#lines.set(id, item);
    return item;
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    clearInterval(this.#timer);
    this.#server.dispose();
    for (const item of this.#lines.values()) item.dispose();
  }
}

/** With several folders one of them says which Python runs the server. */
function selectedPython(): string {
  const [first, ...others] = vscode.workspace.workspaceFolders ?? [];
  return first && others.length > 0 ? `the Python selected for ${first.name}` : 'the selected Python';
}

function show(item: vscode.LanguageStatusItem, { id, text, detail, severity, busy, action }: StatusLine): void {
  item.name = `Stagewright: ${text}`;
  item.text = text;
  item.detail = detail;
  item.severity = SEVERITY[severity];
  item.busy = busy;
  item.command = { ...ACTION[action], arguments: id === OTHERS ? [] : [id] };
}
