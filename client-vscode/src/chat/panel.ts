// One chat panel's host: answers the webview's messages, and keeps it up to date.

import { sep } from 'node:path';
import * as vscode from 'vscode';
import type { View, WorkflowKey } from '../protocol.ts';
import type { Api } from '../server/api.ts';
import { CommandError } from '../server/errors.ts';
import type { Session, SessionState } from '../server/session.ts';
import { templateBeside, unsent } from '../text.ts';
import { PANEL_COMMANDS, type FromPanel, type ToPanel } from '../webview/messages.ts';
import { advance, answerGate } from './actions.ts';
import { changeRequest, chooseContext } from './about.ts';
import type { Drafts } from './drafts.ts';
import { panelPage } from './page.ts';

export interface Surroundings {
  readonly extensionUri: vscode.Uri;
  readonly drafts: Drafts;
  readonly session: Session;
  readonly api: Api;
  readonly open: (key: WorkflowKey, title: string) => void;
  readonly activityChanged: () => void;
  readonly wantsCatalog: () => void;
}

export class ChatPanel {
  readonly key: WorkflowKey;
  readonly #panel: vscode.WebviewPanel;
  readonly #around: Surroundings;
  #view: View | null = null;
  #streaming: string | null = null;
  /** An answer is asked for and has not begun. */
  #asking = false;
  /** How the workflow's file stood when it was last asked for. */
  #seen: string | null = null;
  #reloading: Promise<void> | null = null;
  #again = false;
  #changing = false;
  #closed = false; // answers to what was asked before may still come

  constructor(panel: vscode.WebviewPanel, key: WorkflowKey, around: Surroundings) {
    this.key = key;
    this.#panel = panel;
    this.#around = around;
    const { extensionUri } = around;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'tab.svg');
    panel.webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'out')] };
    panel.webview.onDidReceiveMessage((message: FromPanel) => void this.#receive(message));
    panel.onDidChangeViewState(() => around.activityChanged());
    panel.onDidDispose(() => (this.#closed = true));
    panel.webview.html = panelPage(panel.webview, extensionUri, key);
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  /** The index of the stage that it shows. */
  get stage(): number | undefined {
    return this.#view?.workflow.currentStage;
  }

  get lacksModel(): boolean {
    return this.#view?.workflow.status === 'active' && this.#view.effective.model === null;
  }

  /** Opens the list of models. */
  chooseModel(): void {
    this.reveal();
    this.post({ type: 'pick' });
  }

  get isStreaming(): boolean {
    return this.#streaming !== null;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  post(message: ToPanel): void {
    if (!this.#closed) void this.#panel.webview.postMessage(message);
  }

  /** A notification about this workflow's run. What it tells is shown at once; the whole is loaded once, at the end. */
  runMessage(message: ToPanel): void {
    this.post(message);
    if (message.type === 'started') {
      this.#setStreaming(message.payload.runId);
      if (message.payload.said) this.#panel.title = message.payload.said.title;
    } else if (message.type === 'finished' || message.type === 'failed') {
      this.#setStreaming(null);
      void this.reload();
    }
  }

  connectionChanged(state: SessionState): void {
    const message = state.kind === 'failed' ? state.problem.message : '';
    this.post({ type: 'connection', state: state.kind === 'idle' ? 'starting' : state.kind, message });
    if (state.kind === 'running') void this.reload();
    else this.#setStreaming(null);
  }

  workflowFileChanged(uri: vscode.Uri): void {
    const own = this.#view ? sameFile(uri, this.#view.path) : uri.path.endsWith(`/${this.key.workflowId}.json`) && sameFolder(uri, this.key.root);
    if (own) void this.#catchUp();
  }

  workflowFileDeleted(uri: vscode.Uri): void {
    if (this.#view && sameFile(uri, this.#view.path))
      this.post({ type: 'notice', message: 'The file of this workflow was deleted. What you see is no longer saved; restore the file to go on, or open another workflow.' });
  }

  templateDeleted(uri: vscode.Uri): void {
    const name = uri.path.split('/').at(-1)?.replace(/\.ya?ml$/, '');
    if (this.#view && name === this.#view.workflow.template && sameFolder(uri, this.#view.root))
      this.post({ type: 'notice', message: `The template '${name}' was deleted. This chat keeps its own copy of the stages and can go on.` });
  }

  /** Asks the server for the whole state and shows it; calls that come meanwhile are answered by one more. */
  reload(): Promise<void> {
    if (this.#reloading) {
      this.#again = true;
      return this.#reloading;
    }
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = null;
      if (this.#again) {
        this.#again = false;
        void this.reload();
      }
    });
    return this.#reloading;
  }

  async #reload(): Promise<void> {
    this.#seen = await this.#standing();
    try {
      this.#show(await this.#around.api.workflow(this.key));
    } catch (error) {
      if (error instanceof CommandError) this.post({ type: 'notice', message: textOf(error) }); // else the connection's state says it
    }
  }

  /** Reloads what others have written. During a turn it waits for the end, and what the turn itself wrote was loaded there. */
  async #catchUp(): Promise<void> {
    await this.#reloading;
    if (this.#asking || this.#streaming) return;
    const standing = await this.#standing();
    if (standing !== null && standing === this.#seen) return;
    this.#seen = standing;
    await this.reload();
  }

  /** How the workflow's file stands, null where that is not known. */
  async #standing(): Promise<string | null> {
    if (!this.#view) return null;
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(vscode.Uri.parse(this.#view.path));
      return `${mtime} ${size}`;
    } catch {
      return null;
    }
  }

  #show(view: View): void {
    if (this.#closed) return;
    this.#view = view;
    this.#panel.title = titleOf(view);
    this.#setStreaming(view.run?.runId ?? null);
    this.post({ type: 'view', view });
  }

  #setStreaming(runId: string | null): void {
    if (this.#streaming === runId) return;
    this.#streaming = runId;
    this.#around.activityChanged();
  }

  async stop(): Promise<void> {
    if (this.#streaming) await this.#stop(this.#streaming);
  }

  /** That an answer has come to its end by itself meanwhile is nothing to tell. */
  #stop(runId: string): Promise<void> {
    return this.#try(async () => {
      try {
        await this.#around.api.stop(runId);
      } catch (error) {
        if (!(error instanceof CommandError && error.code === 'run-unknown')) throw error;
        await this.reload();
      }
    });
  }

  async #receive(message: FromPanel): Promise<void> {
    const { api, session, drafts } = this.#around;
    switch (message.type) {
      case 'ready':
        this.connectionChanged(session.state);
        this.#around.wantsCatalog();
        this.post({ type: 'draft', text: await drafts.get(this.#draftKey) });
        return;
      case 'send':
        return this.#ask(async () => {
          if (message.replaces) await api.edit(this.key, message.replaces, message.content);
          else await api.send(this.key, message.content);
          this.post({ type: 'sent', content: message.content });
          await drafts.set(this.#draftKey, unsent(await drafts.get(this.#draftKey), message.content));
        });
      case 'retry':
        return this.#ask(() => api.retry(this.key, message.model));
      case 'continue':
        return this.#ask(() => api.continue(this.key));
      case 'preview': {
        const { type: _, ...about } = message;
        return this.#try(async () => this.post({ type: 'preview', preview: await api.preview(this.key, about) }));
      }
      case 'context':
        return this.change(() => chooseContext(api, this.key));
      case 'request':
        return this.change(() => changeRequest(api, this.key));
      case 'stop':
        return this.#stop(message.runId);
      case 'setModel':
        if (!this.#trusted()) return;
        return this.#try(async () => {
          await api.setChatModel(this.key, message.model);
          await this.reload();
        });
      case 'gate':
        return this.change(() => answerGate(api, this.key, message.stage, message.action, message.confirmed));
      case 'triggerGate':
        return this.change(() => api.triggerGate(this.key, message.stage));
      case 'advance':
        return this.change(() => advance(api, this.key, message.stage));
      case 'status':
        return this.change(() => api.setStatus(this.key, message.status));
      case 'refresh':
        return this.#try(async () => {
          await api.refreshModels();
          this.#around.wantsCatalog();
        });
      case 'draft':
        return drafts.set(this.#draftKey, message.text);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return void vscode.window.setStatusBarMessage('Copied', 2000);
      case 'history':
        return this.#try(async () => this.post({ type: 'history', list: await api.workflows() }));
      case 'open':
        return this.#around.open({ workflowId: message.workflowId, root: message.root }, message.workflowId);
      case 'command':
        if (PANEL_COMMANDS.includes(message.command)) await vscode.commands.executeCommand(message.command, message.provider ?? this.key);
    }
  }

  /** Carries out a change of the workflow and shows what came of it. A second press while it is under way is none. */
  async change(action: () => Promise<View | null>): Promise<void> {
    if (this.#changing || !this.#trusted()) return;
    this.#changing = true;
    await this.#try(async () => {
      const view = await action();
      if (view) this.#show(view);
    });
    this.#changing = false;
  }

  /** Asks for an answer, which is shown as it comes. */
  async #ask(action: () => Promise<unknown>): Promise<void> {
    if (!this.#trusted()) return;
    this.#asking = true;
    await this.#try(action);
    this.#asking = false;
    await this.#catchUp(); // with what was written while it was refused
  }

  async #try(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      this.post({ type: 'done' });
    } catch (error) {
      const key = error instanceof CommandError && error.code === 'not-configured' ? this.#view?.effective.model?.provider : undefined;
      this.post({ type: 'refused', message: textOf(error), ...(key ? { key } : {}) });
    }
  }

  #trusted(): boolean {
    if (vscode.workspace.isTrusted) return true;
    this.post({ type: 'refused', message: 'Chats need a trusted workspace. Trust it by the command “Workspaces: Manage Workspace Trust”.' });
    return false;
  }

  get #draftKey(): string {
    return `${this.key.root}#${this.key.workflowId}`;
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What the chat is about; as long as it is about nothing yet, the template and its stage. */
function titleOf({ title, workflow }: View): string {
  const stage = workflow.stages[workflow.currentStage];
  return templateBeside(title, workflow.template).length === 0 && stage ? `${title}: ${stage.name}` : title;
}

function sameFile(uri: vscode.Uri, other: string): boolean {
  return uri.fsPath === vscode.Uri.parse(other).fsPath;
}

function sameFolder(uri: vscode.Uri, root: string): boolean {
  return uri.fsPath.startsWith(`${vscode.Uri.parse(root).fsPath}${sep}`);
}
