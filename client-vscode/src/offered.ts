// The models that VS Code itself offers, Copilot's and other extensions': told to the server, so that prompts, agents and
// chat modes are completed and checked.
//
// To be told which there are, VS Code starts the extensions that offer them. So it is asked only once a file is open that
// can name them; it needs nobody's consent, for no model is ever used.

import * as vscode from 'vscode';
import { log } from './log.ts';
import type { Session } from './server/session.ts';
import { vendorsOf } from './vendors.ts';

/** The files that name models as VS Code does: those of the server's dialect `copilot`. */
export const NAMING: vscode.DocumentSelector = ['**/.github/agents/**/*.md', '**/.github/prompts/**/*.prompt.md', '**/*.{agent,chatmode,prompt}.md'].map((pattern) => ({ scheme: 'file', pattern }));

export class Offered implements vscode.Disposable {
  readonly #session: Session;
  readonly #listening: vscode.Disposable[];
  /** Listens to VS Code once it was asked. */
  #following: vscode.Disposable | null = null;
  #told = '';
  #asked = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#listening = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened([document])),
      session.onDidChange(() => {
        this.#told = ''; // a server that starts knows of none
        this.#opened(vscode.workspace.textDocuments);
      }),
    ];
  }

  #opened(documents: readonly vscode.TextDocument[]): void {
    if (this.#session.state.kind !== 'running' || !isThere()) return;
    if (!this.#following && !documents.some((document) => vscode.languages.match(NAMING, document) > 0)) return;
    this.#following ??= vscode.lm.onDidChangeChatModels(() => void this.#tell());
    if (this.#told === '') void this.#tell();
  }

  async #tell(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const vendors = vendorsOf(await vscode.lm.selectChatModels());
      const told = JSON.stringify(vendors);
      if (asked !== this.#asked || told === this.#told) return; // it was asked once more meanwhile
      this.#told = told;
      await this.#session.notify('stagewright/models/offered', { vendors });
    } catch (error) {
      log.warn(`VS Code does not tell which models it offers: ${String(error)}`);
    }
  }

  dispose(): void {
    this.#following?.dispose();
    for (const one of this.#listening) one.dispose();
  }
}

/** Editors that are made from VS Code may lack its language models. */
const isThere = (): boolean => typeof (vscode.lm as Partial<typeof vscode.lm> | undefined)?.selectChatModels === 'function';
