// What the chat panel and its host in the extension say to each other.

import type { Catalog, Delta, Failed, Finished, ModelReference, Preview, Started, View, WorkflowList } from '../protocol.ts';

export type ToPanel =
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'catalog'; readonly catalog: Catalog }
  | { readonly type: 'connection'; readonly state: 'starting' | 'running' | 'failed'; readonly message: string }
  | { readonly type: 'started'; readonly payload: Started }
  | { readonly type: 'delta'; readonly payload: Delta }
  | { readonly type: 'finished'; readonly payload: Finished }
  | { readonly type: 'failed'; readonly payload: Failed }
  /** The message was taken: the draft has served, but for what was written since. */
  | { readonly type: 'sent'; readonly content: string }
  /** Something asked for has been done: what was refused before is past. */
  | { readonly type: 'done' }
  /** Something asked for was refused, in words; `key`: the provider whose key may help. */
  | { readonly type: 'refused'; readonly message: string; readonly key?: string }
  | { readonly type: 'preview'; readonly preview: Preview }
  | { readonly type: 'history'; readonly list: WorkflowList }
  | { readonly type: 'notice'; readonly message: string }
  /** What was written before and not sent; once, when the panel opens. */
  | { readonly type: 'draft'; readonly text: string }
  /** A command of the editor: send what is written, or choose a model. */
  | { readonly type: 'submit' }
  | { readonly type: 'pick' };

export type FromPanel =
  /** The page wants everything that there is to show. */
  | { readonly type: 'ready' }
  /** `replaces`: the id of the message that this is the edited form of. */
  | { readonly type: 'send'; readonly content: string; readonly replaces?: string }
  | { readonly type: 'retry'; readonly model: ModelReference | null }
  /** Goes on with the last answer, which is not whole. */
  | { readonly type: 'continue' }
  | { readonly type: 'stop'; readonly runId: string }
  /** What is sent with this content, or was sent for this answer. */
  | { readonly type: 'preview'; readonly messageId?: string; readonly content?: string }
  /** What of earlier stages is sent is to be chosen. */
  | { readonly type: 'context' }
  /** What the workflow is about is to be said. */
  | { readonly type: 'request' }
  | { readonly type: 'setModel'; readonly model: ModelReference | null }
  /** `stage` is the one that is shown, `action` a gate's option; `confirmed`: what the gate waits for has been done, as the user says. */
  | { readonly type: 'gate'; readonly stage: number; readonly action: string; readonly confirmed?: true }
  | { readonly type: 'triggerGate'; readonly stage: number }
  | { readonly type: 'advance'; readonly stage: number }
  | { readonly type: 'status'; readonly status: 'active' | 'paused' }
  | { readonly type: 'refresh' }
  | { readonly type: 'draft'; readonly text: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'history' }
  | { readonly type: 'open'; readonly workflowId: string; readonly root: string }
  /** `provider`: whose key is to be set. */
  | { readonly type: 'command'; readonly command: PanelCommand; readonly provider?: string };

/** Commands of the extension that the panel may ask for; the host runs no others. */
export const PANEL_COMMANDS = [
  'stagewright.discardWorkflow',
  'stagewright.openTranscript',
  'stagewright.openWorkflow',
  'stagewright.setApiKey',
  'stagewright.useRehearsal',
  'stagewright.openSettings',
  'stagewright.showLog',
  'stagewright.restartServer',
  'stagewright.chatWithStage',
] as const;

export type PanelCommand = (typeof PANEL_COMMANDS)[number];

/** What VS Code keeps of a panel across a reload of the window. */
export interface SavedPanel {
  readonly workflowId: string;
  readonly root: string;
}
