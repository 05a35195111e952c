// The open chat panels: made, found again, restored after a reload, and told what concerns them.

import * as vscode from 'vscode';
import { TEMPLATES, WORKFLOWS } from '../choragen.ts';
import { log } from '../log.ts';
import type { Catalog, Delta, Failed, Finished, OfRun, Started, WorkflowKey } from '../protocol.ts';
import type { Api } from '../server/api.ts';
import type { Session } from '../server/session.ts';
import type { SavedPanel, ToPanel } from '../webview/messages.ts';
import { Drafts } from './drafts.ts';
import { ChatPanel } from './panel.ts';

export const PANEL_TYPE = 'stagewright.chat';

export class Panels implements vscode.WebviewPanelSerializer<SavedPanel | undefined> {
  readonly #extensionUri: vscode.Uri;
  readonly #drafts: Drafts;
  readonly #session: Session;
  readonly #api: Api;
  readonly #open = new Map<string, ChatPanel>();
  /** Of the files that chats are about: nothing is watched before there is one. */
  #watching: readonly vscode.Disposable[] = [];
  #last: ChatPanel | null = null;
  #catalog: Catalog | null = null;

  constructor(context: vscode.ExtensionContext, session: Session, api: Api) {
    this.#extensionUri = context.extensionUri;
    const drafts = context.storageUri ? vscode.Uri.joinPath(context.storageUri, 'drafts.json').fsPath : null;
    this.#drafts = new Drafts(drafts, (error) => log.warn(`Unsent messages could not be saved: ${String(error)}`));
    this.#session = session;
    this.#api = api;
    session.on<Started>('stagewright/chat/started', (payload) => this.#tell(payload, { type: 'started', payload }));
    session.on<Delta>('stagewright/chat/delta', (payload) => this.#tell(payload, { type: 'delta', payload }));
    session.on<Finished>('stagewright/chat/finished', (payload) => this.#tell(payload, { type: 'finished', payload }));
    session.on<Failed>('stagewright/chat/failed', (payload) => this.#tell(payload, { type: 'failed', payload }));
    context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this),
      session.onDidChange((state) => {
        for (const panel of this.#open.values()) panel.connectionChanged(state);
        if (state.kind === 'running') void this.reloadCatalog();
      }),
      { dispose: () => this.#watching.forEach((one) => one.dispose()) },
    );
  }

  /** The panel that was looked at last, or the only one. */
  get current(): ChatPanel | null {
    const panels = [...this.#open.values()];
    if (panels.length === 1) return panels[0]!;
    return this.#last?.isVisible ? this.#last : (panels.find((panel) => panel.isVisible) ?? this.#last);
  }

  /** The panel of a workflow, if it has one. */
  of(key: WorkflowKey): ChatPanel | null {
    return this.#open.get(idOf(key)) ?? null;
  }

  /** Shows a workflow, in its panel if it has one already. */
  show(key: WorkflowKey, title: string): ChatPanel {
    const known = this.of(key);
    if (known) {
      known.reveal();
      return known;
    }
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    return this.#adopt(vscode.window.createWebviewPanel(PANEL_TYPE, title, column, { retainContextWhenHidden: true, enableFindWidget: true }), key);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: SavedPanel | undefined): Promise<void> {
    const known = saved?.workflowId ? this.of(saved) : null;
    if (saved?.workflowId && !known) return void this.#adopt(panel, saved);
    panel.dispose();
    known?.reveal(); // the workflow was opened anew before its old tab was looked at
  }

  /** Takes the newest catalogue and gives it to every panel. */
  async reloadCatalog(): Promise<void> {
    if (this.#open.size === 0) return;
    try {
      this.#catalog = await this.#api.models();
    } catch {
      return; // the panels say by themselves when there is no server
    }
    for (const panel of this.#open.values()) panel.post({ type: 'catalog', catalog: this.#catalog });
  }

  #adopt(webviewPanel: vscode.WebviewPanel, key: WorkflowKey): ChatPanel {
    this.#session.wake('A chat is shown.');
    if (this.#watching.length === 0) this.#watching = [this.#watch(`**/${WORKFLOWS}/WF-*.json`, 'workflow'), this.#watch(`**/${TEMPLATES}/*.{yaml,yml}`, 'template')];
    const panel = new ChatPanel(webviewPanel, { workflowId: key.workflowId, root: key.root }, {
      extensionUri: this.#extensionUri,
      drafts: this.#drafts,
      session: this.#session,
      api: this.#api,
      open: (other, title) => void this.show(other, title),
      activityChanged: () => {
        if (panel.isActive) this.#last = panel;
        this.#updateContext();
      },
      wantsCatalog: () => void this.reloadCatalog(),
    });
    this.#open.set(idOf(key), panel);
    if (panel.isActive) this.#last = panel;
    webviewPanel.onDidDispose(() => {
      this.#open.delete(idOf(key));
      if (this.#last === panel) this.#last = null;
      this.#updateContext();
    });
    this.#updateContext();
    return panel;
  }

  #tell(of: OfRun, message: ToPanel): void {
    this.#open.get(idOf(of))?.runMessage(message);
  }

  /** Another window, an editor or Choragen itself may write a workflow or delete a template. */
  #watch(glob: string, kind: 'workflow' | 'template'): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(glob, kind === 'template', kind === 'template');
    const each = (tell: (panel: ChatPanel, uri: vscode.Uri) => void) => (uri: vscode.Uri) => {
      for (const panel of this.#open.values()) tell(panel, uri);
    };
    if (kind === 'workflow') {
      watcher.onDidChange(each((panel, uri) => panel.workflowFileChanged(uri)));
      watcher.onDidCreate(each((panel, uri) => panel.workflowFileChanged(uri)));
      watcher.onDidDelete(each((panel, uri) => panel.workflowFileDeleted(uri)));
    } else watcher.onDidDelete(each((panel, uri) => panel.templateDeleted(uri)));
    return watcher;
  }

  #updateContext(): void {
    void vscode.commands.executeCommand('setContext', 'stagewright.chatActive', this.current !== null);
  }
}

const idOf = (key: WorkflowKey): string => `${decodeURIComponent(key.root).replace(/\/$/, '')}#${key.workflowId}`;
