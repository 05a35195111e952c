// The language status items: the server, and the state of the providers, each with what can be done about it.

import * as vscode from 'vscode';
import type { ProviderState, ServerStatus } from './protocol.ts';
import type { Session, SessionState } from './server/session.ts';
import { documentSelector } from './settings.ts';
import { modelsStatus } from './text.ts';

const { Error: Bad, Information: Fine, Warning: Doubtful } = vscode.LanguageStatusSeverity;

export class Status implements vscode.Disposable {
  readonly #server: vscode.LanguageStatusItem;
  readonly #models: vscode.LanguageStatusItem;
  readonly #timer: NodeJS.Timeout;
  #providers: Readonly<Record<string, ProviderState>> = {};
  #message = '';

  constructor(session: Session) {
    this.#server = vscode.languages.createLanguageStatusItem('stagewright.server', documentSelector());
    this.#server.name = 'Stagewright';
    this.#models = vscode.languages.createLanguageStatusItem('stagewright.models', documentSelector());
    this.#models.name = 'Stagewright Models';
    this.#models.command = { title: 'Refresh', command: 'stagewright.refreshModels' };
    session.onDidChange((state) => this.#showServer(state));
    session.on<ServerStatus>('stagewright/status', (status) => {
      this.#providers = status.providers;
      this.#message = status.message;
      this.#showModels();
    });
    // The age of a list is part of what is said.
    this.#timer = setInterval(() => this.#showModels(), 60_000);
    this.#showServer(session.state);
    this.#showModels();
  }

  #showServer(state: SessionState): void {
    this.#server.busy = state.kind === 'starting';
    this.#server.severity = state.kind === 'failed' ? Bad : Fine;
    this.#server.command = { title: 'Actions', command: 'stagewright.showActions' };
    if (state.kind === 'starting') this.#server.text = 'Stagewright is starting';
    else if (state.kind === 'running') {
      this.#server.text = `Stagewright ${state.server.version}`;
      this.#server.detail = { setting: 'from the settings', interpreter: 'from the selected Python', own: "the extension's own" }[state.server.source];
    } else {
      this.#server.text = 'Stagewright is not running';
      this.#server.detail = state.problem.message;
    }
  }

  #showModels(): void {
    const { text, detail, severity } = modelsStatus(this.#providers, Date.now());
    this.#models.text = text;
    this.#models.detail = detail || this.#message;
    this.#models.severity = severity === 'ok' ? Fine : severity === 'warning' ? Doubtful : Bad;
    this.#models.busy = Object.values(this.#providers).some((provider) => provider.status === 'loading');
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#server.dispose();
    this.#models.dispose();
  }
}
