// The shapes of `server/docs/lsp-extensions.md`: what the server's commands take and give, and its notifications.

export interface ModelReference {
  readonly provider: string;
  readonly model: string;
}

export type Origin = 'message' | 'stage' | 'role' | 'earlier-stage' | 'setting' | 'none';

export interface Effective {
  readonly model: ModelReference | null;
  readonly origin: Origin;
}

export type ProviderStatus =
  | 'ok'
  | 'loading'
  | 'incomplete'
  | 'not-configured'
  | 'auth-failed'
  | 'forbidden'
  | 'rate-limited'
  | 'unreachable'
  | 'bad-answer'
  | 'no-list';

export interface ProviderState {
  readonly name: string;
  readonly status: ProviderStatus;
  readonly stale: boolean;
  /** ISO 8601, of the list that is shown. */
  readonly checkedAt: string | null;
  readonly error?: string | null;
  readonly complete: boolean;
  /** The environment variable that holds the provider's key. */
  readonly keyVariable?: string | null;
  /** `false`: templates may name it, but the server can neither ask it nor chat with it. */
  readonly askable?: boolean;
  /** Ids that the provider itself denied, by itself or in a chat. */
  readonly unavailable?: readonly string[];
}

export interface Model {
  readonly id: string;
  readonly name?: string | null;
  readonly chat: boolean;
  readonly lifecycle: 'active' | 'deprecated' | 'retired' | 'unknown';
  /** ISO 8601 date. */
  readonly retiresAt?: string | null;
  /** Tokens. */
  readonly contextWindow?: number | null;
  /** `offline`: known from data that ships with the server, not from the provider. */
  readonly source: 'live' | 'offline';
}

export interface Provider extends ProviderState {
  readonly models: readonly Model[];
}

export interface Catalog {
  readonly providers: Readonly<Record<string, Provider>>;
}

/** The model that is named at a place of a file. */
export interface Site {
  readonly where: string;
  readonly provider: string | null;
  readonly model: string | null;
  /** As the file writes it. */
  readonly written: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly standing: string;
  readonly settable: boolean;
  /** The key without which nothing can be said of it for sure. */
  readonly missingKey?: { readonly provider?: string; readonly variable?: string };
  /** Whose models can be named there. */
  readonly providers: readonly string[];
  /** Usable models that are likely meant in its place, likeliest first. */
  readonly near: readonly ModelReference[];
}

export type WorkflowStatus = 'active' | 'paused' | 'completed' | 'failed' | 'cancelled' | 'discarded';

export interface Gate {
  readonly type: 'auto' | 'human_approval' | 'chain_complete' | 'verification_pass' | 'post_commit' | 'session_handoff';
  readonly prompt?: string | null;
  readonly satisfied: boolean;
  readonly satisfiedBy?: string | null;
  readonly agentTriggered?: boolean | null;
  readonly options?: readonly { readonly label: string; readonly action: string }[] | null;
  readonly commands?: readonly string[] | null;
}

export interface Stage {
  readonly name: string;
  readonly type: string;
  readonly status: 'pending' | 'active' | 'awaiting_gate' | 'completed' | 'skipped';
  readonly gate: Gate;
  readonly roleId?: string | null;
  readonly defaultModel?: ModelReference | null;
}

export interface Message {
  readonly id: string;
  readonly role: 'human' | 'control' | 'impl' | 'system';
  readonly content: string;
  readonly stageIndex: number;
  readonly timestamp: string;
  readonly model?: ModelReference | null;
  readonly metadata?: MessageMetadata | null;
}

/** How an answer ended: `cut` by its provider, `broken` off on the way, `stopped` by the user. */
export type Ending = 'whole' | 'cut' | 'broken' | 'stopped';

/** What of an answer that is not whole there is to say. */
export interface Outcome {
  readonly ended: Ending;
  /** A sentence. */
  readonly reason: string;
}

export interface MessageMetadata {
  readonly type?: string;
  readonly reset?: boolean;
  readonly requestedModel?: ModelReference | string;
  readonly resolvedModel?: ModelReference | string;
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly ended?: Ending;
  readonly stopReason?: string;
  readonly partial?: boolean;
  /** Thinking that came with the answer. */
  readonly reasoning?: string;
  readonly timings?: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly id: string;
  readonly requestId: string;
  readonly template: string;
  readonly currentStage: number;
  readonly status: WorkflowStatus;
  readonly stages: readonly Stage[];
  readonly messages: readonly Message[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An answer under way. */
export interface Run {
  readonly runId: string;
  readonly messageId: string;
  readonly model: ModelReference;
  readonly origin: Origin;
  readonly text: string;
}

export interface View {
  readonly workflow: Workflow;
  /** Its request's title or id, else how its first message begins, else its template's name. */
  readonly title: string;
  readonly effective: Effective;
  /** What would be in effect if nothing had been chosen in the chat. */
  readonly default: Effective;
  /** Ids of messages in whose place others stand. */
  readonly superseded: readonly string[];
  /** What the model sees of earlier stages; null once every stage is done. */
  readonly context: Context | null;
  /** By the ids of the answers that are not whole. */
  readonly endings: Readonly<Record<string, Outcome>>;
  /** URIs. */
  readonly path: string;
  readonly transcriptPath: string;
  readonly root: string;
  readonly run: Run | null;
}

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
  /** The id or title of what the work is about. */
  readonly requestId?: string;
  readonly root?: string;
};

export type ContextMode = 'answers' | 'stage' | 'workflow';

/** What goes ahead of a stage's own messages. */
export interface Context {
  readonly mode: ContextMode;
  /** Whether it was set in this chat, not by the settings. */
  readonly chosen: boolean;
  /** `sent`: characters that are sent; 0 where it is left out. */
  readonly sees: readonly { readonly stage: number; readonly stageName: string; readonly characters: number; readonly sent: number }[];
  /** A line such as `sees: design's answer`. */
  readonly words: string;
  /** Sentences about what is not sent. */
  readonly notes: readonly string[];
}

/** All that is, or was, sent to a model. */
export interface Preview {
  readonly stage: number;
  readonly stageName: string;
  readonly effective: Effective;
  readonly system: string | null;
  readonly turns: readonly { readonly role: 'user' | 'assistant'; readonly text: string; readonly source: 'request' | 'context' | 'prompt' | 'message' }[];
  readonly context: Context;
}

/** What a workflow can be about. */
export interface RequestList {
  readonly folder: string;
  readonly requests: readonly { readonly id: string; readonly title: string; readonly status: string; readonly uri: string }[];
  readonly problems: readonly string[];
}

export interface WorkflowSummary {
  readonly id: string;
  readonly requestId: string;
  readonly title: string;
  readonly status: WorkflowStatus;
  readonly template: string;
  readonly currentStage: number;
  readonly stageName: string | null;
  readonly updatedAt: string;
  readonly root: string;
  readonly messageCount: number;
}

export interface WorkflowList {
  readonly workflows: readonly WorkflowSummary[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** A model that templates or roles of the workspace name, and which stages and roles these are. */
export interface NamedModel {
  readonly model: ModelReference;
  readonly uses: readonly { readonly uri: string; readonly name: string | null }[];
  /** What can be said of it. */
  readonly standing: string;
  /** Usable models that are likely meant in its place, likeliest first. */
  readonly near: readonly ModelReference[];
}

/** A place of the workspace where a model is named, and what is known of that model. */
export interface NamedPlace {
  readonly uri: string;
  readonly range: { readonly start: Position; readonly end: Position };
  /** From its workspace folder; `line` and `column` count from 1. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly dialect: string;
  /** The path of keys that leads there. */
  readonly where: string;
  /** The stage or role that it belongs to. */
  readonly owner?: string;
  /** Null where nothing tells it. */
  readonly provider: string | null;
  readonly model: string;
  readonly written: string;
  readonly standing: string;
  /** ISO 8601 date. */
  readonly retiresAt?: string;
  readonly successors?: readonly string[];
  readonly source: 'live' | 'offline' | null;
}

export interface Inventory {
  readonly references: readonly NamedPlace[];
  /** Files that could not be read, or only in part, in sentences. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly unverified: readonly { readonly provider: string; readonly status: ProviderStatus; readonly reason: string; readonly models: readonly string[] }[];
}

/** What a check of the workspace has read and found. */
export interface Checked {
  readonly files: readonly { readonly uri: string; readonly dialect: string; readonly diagnostics: number }[];
  /** How many source files were read in which no model is named. */
  readonly sources: number;
  readonly severities: Readonly<Partial<Record<'error' | 'warning' | 'information' | 'hint', number>>>;
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
  readonly unverified: readonly { readonly provider: string; readonly reason: string }[];
}

/** What replacing a model would change: an LSP workspace edit, and how many uses there are in each file. */
export interface Replacement {
  readonly files: readonly { readonly uri: string; readonly count: number }[];
  readonly total: number;
  /** What is left as it is, since it cannot be read whole or lies outside of the workspace; a reason is a sentence. */
  readonly skipped?: readonly { readonly uri: string; readonly reason: string }[];
  readonly edit: { readonly documentChanges: readonly { readonly textDocument: { readonly uri: string }; readonly edits: readonly TextEdit[] }[] };
}

export interface TextEdit {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly newText: string;
}

/** Counted from 0, in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A template as clients that do not read YAML need it: its stages in order. */
export interface TemplateStages {
  readonly name: string | null;
  readonly stages: readonly {
    readonly name: string | null;
    readonly type: string | null;
    /** Of the whole stage, as LSP positions. */
    readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
    /** The stage's own `defaultModel`. */
    readonly model: ModelReference | null;
    readonly effective: Effective;
  }[];
}

/** What every notification about a chat carries. */
export interface OfRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly root: string;
}

export interface Started extends OfRun {
  readonly messageId: string;
  readonly model: ModelReference;
  readonly origin: Origin;
  /** Null where what is answered was said before. */
  readonly said: Said | null;
}

/** What the user said, and what a view of its workflow says from then on. */
export interface Said extends Pick<View, 'title' | 'superseded'> {
  readonly message: Message;
}

export interface Delta extends OfRun {
  readonly messageId: string;
  readonly text: string;
}

export interface Finished extends OfRun {
  readonly message: Message;
  readonly ended: Ending;
  /** Why it is not whole. */
  readonly reason: string | null;
  readonly partial: boolean;
}

export interface Failed extends OfRun {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

export interface ServerStatus {
  readonly health: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly providers: Readonly<Record<string, ProviderState>>;
}

export function sameModel(a: ModelReference | null | undefined, b: ModelReference | null | undefined): boolean {
  return a != null && b != null && a.provider === b.provider && a.model === b.model;
}
