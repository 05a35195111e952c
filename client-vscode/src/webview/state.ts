// The panel's state, and how each message from the host changes it. Pure.

import type { Catalog, Failed, Message, ModelReference, Run, Stage, View, WorkflowList } from '../protocol.ts';
import { sameModel } from '../protocol.ts';
import { originText } from '../text.ts';
import { unsent } from '../text.ts';
import type { ToPanel } from './messages.ts';

export interface PanelState {
  readonly view: View | null;
  readonly catalog: Catalog | null;
  readonly connection: { readonly state: 'starting' | 'running' | 'failed'; readonly message: string };
  /** The answer under way; its text grows with each delta. */
  readonly run: Run | null;
  /** Why the newest message got no answer. */
  readonly failure: Failed | null;
  /** Why the newest action did not happen. */
  readonly refusal: string | null;
  /** Said once, until dismissed; or, without a view, why there is none. */
  readonly notice: string | null;
  readonly history: WorkflowList | null;
  readonly historyOpen: boolean;
  /** What a model is being chosen for. */
  readonly picking: 'chat' | 'retry' | null;
  /** A message is on its way and not yet acknowledged. */
  readonly sending: boolean;
  /** What is written and not sent. */
  readonly draft: string;
}

export const initialState: PanelState = {
  view: null,
  catalog: null,
  connection: { state: 'starting', message: '' },
  run: null,
  failure: null,
  refusal: null,
  notice: null,
  history: null,
  historyOpen: false,
  picking: null,
  sending: false,
  draft: '',
};

/** What the panel itself does. */
export type PanelAction =
  | { readonly type: 'sending' }
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'picking'; readonly purpose: PanelState['picking'] }
  | { readonly type: 'historyOpen'; readonly open: boolean }
  | { readonly type: 'dismiss'; readonly what: 'notice' | 'refusal' };

export function reduce(state: PanelState, event: ToPanel | PanelAction): PanelState {
  switch (event.type) {
    case 'view':
      // What kept the first one from being shown is past.
      return { ...state, view: event.view, run: currentRun(state.run, event.view), notice: state.view ? state.notice : null };
    case 'catalog':
      return { ...state, catalog: event.catalog };
    case 'connection':
      return event.state === 'running'
        ? { ...state, connection: event }
        : { ...state, connection: event, run: null, sending: false };
    case 'started': {
      const { runId, messageId, model, origin } = event.payload;
      return { ...state, run: { runId, messageId, model, origin, text: '' }, failure: null, refusal: null, sending: false };
    }
    case 'delta':
      if (state.run?.runId !== event.payload.runId) return state;
      return { ...state, run: { ...state.run, text: state.run.text + event.payload.text } };
    case 'finished':
      return { ...state, run: endOf(state.run, event.payload.runId), view: withMessage(state.view, event.payload.message), sending: false };
    case 'failed':
      return { ...state, run: endOf(state.run, event.payload.runId), failure: event.payload, sending: false };
    case 'sent':
      return { ...state, sending: false, refusal: null, draft: unsent(state.draft, event.content) };
    case 'draft':
      return { ...state, draft: state.draft || event.text }; // typed faster than it came
    case 'write':
      return { ...state, draft: event.text };
    case 'done':
      return { ...state, refusal: null };
    case 'refused': // a list of workflows that is still waited for would be waited for in vain
      return { ...state, sending: false, refusal: event.message, historyOpen: state.historyOpen && state.history !== null };
    case 'history':
      return { ...state, history: event.list };
    case 'notice':
      return { ...state, notice: event.message };
    case 'sending':
      return { ...state, sending: true, failure: null, refusal: null };
    case 'picking':
      return { ...state, picking: event.purpose };
    case 'pick':
      return { ...state, picking: 'chat' };
    case 'historyOpen':
      return { ...state, historyOpen: event.open };
    case 'dismiss':
      return { ...state, [event.what]: null };
    case 'submit':
      return state; // the composer acts on it
  }
}

/** A view may have been asked for before the newest deltas came: the longer text of one run is the newer. */
function currentRun(run: Run | null, view: View): Run | null {
  if (!view.run || run?.runId !== view.run.runId) return view.run;
  return run.text.length >= view.run.text.length ? run : view.run;
}

const endOf = (run: Run | null, runId: string): Run | null => (run?.runId === runId ? null : run);

function withMessage(view: View | null, message: Message): View | null {
  if (!view) return view;
  const others = view.workflow.messages.filter((m) => m.id !== message.id);
  const messages = message.content === '' ? others : [...others, message]; // stopped before the first word: not saved either
  return { ...view, run: null, workflow: { ...view.workflow, messages } };
}

export type LogItem =
  | { readonly kind: 'stage'; readonly key: string; readonly stage: Stage; readonly index: number }
  | { readonly kind: 'human'; readonly key: string; readonly message: Message }
  | { readonly kind: 'answer'; readonly key: string; readonly message: Message }
  | { readonly kind: 'note'; readonly key: string; readonly icon: string; readonly text: string };

/** The conversation as it is shown: messages in order, with a heading where a stage begins. */
export function logItems(view: View, run: Run | null): LogItem[] {
  const items: LogItem[] = [];
  let stageIndex = -1;
  for (const message of view.workflow.messages) {
    const stage = view.workflow.stages[message.stageIndex];
    if (message.stageIndex !== stageIndex && stage) {
      stageIndex = message.stageIndex;
      items.push({ kind: 'stage', key: `stage-${items.length}`, stage, index: stageIndex });
    }
    // While an answer streams, what of it was saved already is the same text again.
    if (message.id !== run?.messageId) items.push(...itemOf(message));
  }
  const { currentStage: index, stages } = view.workflow;
  const entered = stages[index];
  if (entered && items.length > 0 && index > stageIndex) items.push({ kind: 'stage', key: `stage-${items.length}`, stage: entered, index });
  return items;
}

function itemOf(message: Message): LogItem[] {
  const key = message.id;
  if (message.role === 'human') return [{ kind: 'human', key, message }];
  if (message.role !== 'system') return [{ kind: 'answer', key, message }];
  const type = message.metadata?.type;
  if (type === 'gate_prompt') return []; // the gate's card says it
  if (type === 'model_switch')
    return [{ kind: 'note', key, icon: 'arrow-swap', text: message.model && !message.metadata?.reset ? `Model: ${message.model.provider}/${message.model.model}` : 'Model: back to the stage default' }];
  if (type === 'discard_reason') return [{ kind: 'note', key, icon: 'trash', text: message.content }];
  return [{ kind: 'note', key, icon: 'info', text: message.content }];
}

/** The newest message of the person in the current stage: what a retry asks again. */
export function lastQuestion(view: View): Message | null {
  return view.workflow.messages.findLast((m) => m.role === 'human' && m.stageIndex === view.workflow.currentStage) ?? null;
}

/** Whether what was said last in the current stage got no answer, nor has one under way. */
export function isUnanswered({ view, connection, run, sending }: PanelState): boolean {
  if (view?.workflow.status !== 'active' || connection.state !== 'running' || run || sending) return false;
  const last = view.workflow.messages.findLast((m) => m.role !== 'system' && m.stageIndex === view.workflow.currentStage);
  return last?.role === 'human';
}

export function currentStage(view: View): Stage | null {
  return view.workflow.stages[view.workflow.currentStage] ?? null;
}

/**
 * Where the model of the next message comes from, in words. To the server every message with a model counts, whoever
 * sent it; but an answer by the stage's own default is no choice that somebody made.
 */
export function modelOrigin(view: View): string {
  const { model, origin } = view.effective;
  if (origin !== 'message') return originText(origin);
  if (sameModel(model, stageDefault(view))) return originText('stage');
  const newest = view.workflow.messages.findLast((m) => m.stageIndex === view.workflow.currentStage && m.model != null && (m.role === 'human' || m.role === 'system'));
  return sameModel(newest?.model, model) ? originText('message') : 'as in the last answer';
}

/** The stage's own default, which "back to the stage default" leads to where one is set. */
export function stageDefault(view: View): ModelReference | null {
  return currentStage(view)?.defaultModel ?? null;
}
