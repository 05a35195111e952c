// The server's commands, typed: what `server/docs/lsp-extensions.md` offers.

import * as vscode from 'vscode';
import type { Catalog, Effective, ModelReference, NamedModel, Replacement, TemplateStages, View, WorkflowList } from '../protocol.ts';
import type { Session } from './session.ts';

/** Names a workflow; two folders may each have one of the same id. */
export interface WorkflowKey {
  readonly workflowId: string;
  readonly root: string;
}

export interface Confirmations {
  readonly confirmed?: boolean;
  readonly withoutHooks?: boolean;
}

export type StartArgument = ({ readonly uri: string } | { readonly template: string }) & {
  readonly stage?: string | number;
  readonly root?: string;
};

/** Every call raises CommandError with a sentence for people. */
export class Api {
  readonly #session: Session;
  readonly #modelsChanged = new vscode.EventEmitter<void>();
  /** Some provider's list, or its state, is another than it was. */
  readonly onModelsChanged = this.#modelsChanged.event;

  constructor(session: Session) {
    this.#session = session;
    session.on('stagewright/models/changed', () => this.#modelsChanged.fire());
  }

  models = (): Promise<Catalog> => this.#session.command('stagewright.models.list', {});
  refreshModels = (provider?: string): Promise<Catalog> => this.#session.command('stagewright.models.refresh', provider ? { provider } : {});

  stages = (uri: string): Promise<TemplateStages> => this.#session.command('stagewright.template.stages', { uri });
  setStageModel = (uri: string, stage: string | number, model: ModelReference | null): Promise<{ applied: boolean }> =>
    this.#session.command('stagewright.stage.setModel', { uri, stage, model });
  namedModels = async (): Promise<readonly NamedModel[]> => (await this.#session.command<{ readonly models: readonly NamedModel[] }>('stagewright.workspace.models', {})).models;
  /** Changes nothing. */
  planReplacement = (from: ModelReference, to: ModelReference): Promise<Replacement> =>
    this.#session.command('stagewright.workspace.replaceModel', { from, to, dryRun: true });

  start = (argument: StartArgument): Promise<View> => this.#session.command('stagewright.chat.start', argument);
  send = (key: WorkflowKey, content: string): Promise<{ runId: string; messageId: string }> =>
    this.#session.command('stagewright.chat.send', { ...key, content });
  retry = (key: WorkflowKey, model: ModelReference | null): Promise<{ runId: string; messageId: string }> =>
    this.#session.command('stagewright.chat.retry', { ...key, ...(model ? { model } : {}) });
  stop = (runId: string): Promise<{ runId: string }> => this.#session.command('stagewright.chat.stop', { runId });
  setChatModel = (key: WorkflowKey, model: ModelReference | null): Promise<Effective> =>
    this.#session.command('stagewright.chat.setModel', { ...key, model });
  openTranscript = (key: WorkflowKey): Promise<{ uri: string }> => this.#session.command('stagewright.chat.open', key);

  workflows = (filter: { status?: string; root?: string } = {}): Promise<WorkflowList> => this.#session.command('stagewright.workflow.list', filter);
  workflow = (key: WorkflowKey): Promise<View> => this.#session.command('stagewright.workflow.get', key);
  // `stage` is the one that is meant: if it has been left meanwhile, nothing is done.
  triggerGate = (key: WorkflowKey, stage: number): Promise<View> => this.#session.command('stagewright.workflow.triggerGate', { ...key, stage });
  satisfyGate = (key: WorkflowKey, stage: number, action: string | null, reason: string | null, confirm: Confirmations): Promise<View> =>
    this.#session.command('stagewright.workflow.satisfyGate', { ...key, stage, ...(action ? { action } : {}), ...(reason ? { reason } : {}), ...confirm });
  advance = (key: WorkflowKey, stage: number, confirm: Confirmations): Promise<View> => this.#session.command('stagewright.workflow.advance', { ...key, stage, ...confirm });
  discard = (key: WorkflowKey, reason: string): Promise<View> => this.#session.command('stagewright.workflow.discard', { ...key, reason });
  setStatus = (key: WorkflowKey, status: string): Promise<View> => this.#session.command('stagewright.workflow.setStatus', { ...key, status });
}
