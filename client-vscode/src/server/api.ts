// The server's commands, typed: what `server/docs/lsp-extensions.md` offers.

import * as vscode from 'vscode';
import type { Catalog, Checked, Confirmations, ContextMode, Effective, Inventory, ModelReference, NamedModel, Position, Preview, Replacement, RequestList, Site, StartArgument, TemplateStages, View, WorkflowKey, WorkflowList } from '../protocol.ts';
import type { Session } from './session.ts';

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

  /** Waits until the server knows a provider that was just configured; what then is missing, it says by itself. */
  async untilListed(provider: string): Promise<void> {
    const end = Date.now() + 5000;
    while ((await this.models()).providers[provider] === undefined && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** Globs of the files that the user's own dialects claim. */
  async ownFiles(): Promise<readonly string[]> {
    const { dialects } = await this.#session.command<{ readonly dialects: readonly { readonly files: readonly string[]; readonly own: boolean; readonly enabled: boolean }[] }>('stagewright.dialects.list', {});
    return dialects.flatMap(({ files, own, enabled }) => (own && enabled ? files : []));
  }

  /** The model that is named at a position, null where none is. */
  siteAt = async (uri: string, position: Position): Promise<Site | null> => (await this.#session.command<{ readonly site: Site | null }>('stagewright.model.at', { uri, position })).site;
  setModel = (uri: string, position: Position, model: ModelReference): Promise<{ applied: boolean }> => this.#session.command('stagewright.model.set', { uri, position, model });

  stages = (uri: string): Promise<TemplateStages> => this.#session.command('stagewright.template.stages', { uri });
  setStageModel = (uri: string, stage: string | number, model: ModelReference | null): Promise<{ applied: boolean }> =>
    this.#session.command('stagewright.stage.setModel', { uri, stage, model });
  namedModels = async (): Promise<readonly NamedModel[]> => (await this.#session.command<{ readonly models: readonly NamedModel[] }>('stagewright.workspace.models', {})).models;
  /** Reads and checks all files of the workspace; their diagnostics are told as all others. */
  check = (): Promise<Checked> => this.#session.command('stagewright.workspace.check', {});
  /** Changes nothing. */
  planReplacement = (from: ModelReference, to: ModelReference): Promise<Replacement> =>
    this.#session.command('stagewright.workspace.replaceModel', { from, to, dryRun: true });

  /** Of the whole workspace, with progress; or of these files alone. Raises CommandError `cancelled` where people do. */
  inventory = (uris?: readonly string[]): Promise<Inventory> => this.#session.command('stagewright.workspace.inventory', uris ? { uris } : {});
  exportInventory = async (format: 'json' | 'csv'): Promise<string> => (await this.#session.command<{ readonly text: string }>('stagewright.workspace.exportInventory', { format })).text;

  start = (argument: StartArgument): Promise<View> => this.#session.command('stagewright.chat.start', argument);
  send = (key: WorkflowKey, content: string): Promise<{ runId: string; messageId: string }> =>
    this.#session.command('stagewright.chat.send', { ...key, content });
  /** Says a message anew: it and what followed it are sent no more. */
  edit = (key: WorkflowKey, messageId: string, content: string): Promise<{ runId: string; messageId: string }> =>
    this.#session.command('stagewright.chat.edit', { ...key, messageId, content });
  retry = (key: WorkflowKey, model: ModelReference | null): Promise<{ runId: string; messageId: string }> =>
    this.#session.command('stagewright.chat.retry', { ...key, ...(model ? { model } : {}) });
  continue = (key: WorkflowKey): Promise<{ runId: string; messageId: string }> => this.#session.command('stagewright.chat.continue', key);
  stop = (runId: string): Promise<{ runId: string }> => this.#session.command('stagewright.chat.stop', { runId });
  setChatModel = (key: WorkflowKey, model: ModelReference | null): Promise<Effective> =>
    this.#session.command('stagewright.chat.setModel', { ...key, model });
  setRequest = (key: WorkflowKey, requestId: string | null): Promise<View> => this.#session.command('stagewright.workflow.setRequest', { ...key, requestId });
  setContext = (key: WorkflowKey, context: ContextMode | null): Promise<View> => this.#session.command('stagewright.chat.setContext', { ...key, context });
  /** What is sent with `content`, or was sent for the answer `messageId`. */
  preview = (key: WorkflowKey, about: { readonly messageId?: string; readonly content?: string }): Promise<Preview> =>
    this.#session.command('stagewright.chat.preview', { ...key, ...about });
  requests = (root?: string): Promise<RequestList> => this.#session.command('stagewright.request.list', root ? { root } : {});
  openTranscript = (key: WorkflowKey): Promise<{ uri: string }> => this.#session.command('stagewright.chat.open', key);

  workflows = (filter: { status?: string; root?: string } = {}): Promise<WorkflowList> => this.#session.command('stagewright.workflow.list', filter);
  workflow = (key: WorkflowKey): Promise<View> => this.#session.command('stagewright.workflow.get', key);
  // `stage` is the one that is meant: if it has been left meanwhile, nothing is done.
  triggerGate = (key: WorkflowKey, stage: number): Promise<View> => this.#session.command('stagewright.workflow.triggerGate', { ...key, stage });
  satisfyGate = (key: WorkflowKey, stage: number, action: string, reason: string | undefined, confirm: Confirmations): Promise<View> =>
    this.#session.command('stagewright.workflow.satisfyGate', { ...key, stage, action, ...(reason ? { reason } : {}), ...confirm });
  advance = (key: WorkflowKey, stage: number, confirm: Confirmations): Promise<View> => this.#session.command('stagewright.workflow.advance', { ...key, stage, ...confirm });
  discard = (key: WorkflowKey, reason: string): Promise<View> => this.#session.command('stagewright.workflow.discard', { ...key, reason });
  setStatus = (key: WorkflowKey, status: string): Promise<View> => this.#session.command('stagewright.workflow.setStatus', { ...key, status });
}
