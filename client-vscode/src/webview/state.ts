// The panel's state, and how each message from the host changes it. Pure.

import type { Catalog, Failed, Finished, Message, ModelReference, Preview, Run, Said, Stage, View, WorkflowList } from '../protocol.ts';
import { unsent } from '../text.ts';
import type { ToPanel } from './messages.ts';

export interface PanelState {
  readonly view: View | null;
  readonly catalog: Catalog | null;
  readonly connection: { readonly state: 'starting' | 'running' | 'failed'; readonly message: string };
  /** The answer under way; its text grows with each delta. */
  readonly run: Run | null;
  /** Why the newest message got no answer. */
  readonly failure: (Failed & { readonly model: ModelReference | null }) | null;
  /** Why the newest action did not happen. */
  readonly refusal: { readonly message: string; readonly key?: string } | null;
  /** Said once, until dismissed; or, without a view, why there is none. */
  readonly notice: string | null;
  readonly history: WorkflowList | null;
  readonly historyOpen: boolean;
  /** All that is sent, while it is looked at. */
  readonly preview: Preview | null;
  /** What a model is being chosen for. */
  readonly picking: 'chat' | 'retry' | null;
  /** A message is on its way and not yet acknowledged. */
  readonly sending: boolean;
  /** What is written and not sent. */
  readonly draft: string;
  /** The message that is being edited, and what was written before. */
  readonly editing: { readonly id: string; readonly aside: string } | null;
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
  preview: null,
  picking: null,
  sending: false,
  draft: '',
  editing: null,
};

/** What the panel itself does. */
export type PanelAction =
  | { readonly type: 'sending' }
  | { readonly type: 'write'; readonly text: string }
  /** Edits a message, or with null goes back to what was written before. */
  | { readonly type: 'edit'; readonly message: Message | null }
  | { readonly type: 'picking'; readonly purpose: PanelState['picking'] }
  | { readonly type: 'historyOpen'; readonly open: boolean }
  | { readonly type: 'dismiss'; readonly what: 'notice' | 'refusal' | 'preview' };

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
      const { runId, messageId, model, origin, said } = event.payload;
      return { ...state, view: withSaid(state.view, said), run: { runId, messageId, model, origin, text: soFar(state.view, messageId) }, failure: null, refusal: null, sending: false };
    }
    case 'delta':
      if (state.run?.runId !== event.payload.runId) return state;
      return { ...state, run: { ...state.run, text: state.run.text + event.payload.text } };
    case 'finished':
      return { ...state, run: endOf(state.run, event.payload.runId), view: withMessage(state.view, event.payload), sending: false };
    case 'failed':
      return { ...state, run: endOf(state.run, event.payload.runId), failure: { ...event.payload, model: state.run?.model ?? state.view?.effective.model ?? null }, sending: false };
    case 'sent':
      return { ...state, sending: false, refusal: null, draft: unsent(state.draft, event.content) || (state.editing?.aside ?? ''), editing: null };
    case 'draft':
      return { ...state, draft: state.draft || event.text }; // typed faster than it came
    case 'write':
      return { ...state, draft: event.text };
    case 'edit':
      if (!event.message) return { ...state, draft: state.editing?.aside ?? state.draft, editing: null };
      return { ...state, draft: event.message.content, editing: { id: event.message.id, aside: state.editing?.aside ?? state.draft } };
    case 'done':
      return { ...state, refusal: null };
    case 'refused': // a list of workflows that is still waited for would be waited for in vain
      return { ...state, sending: false, refusal: event, historyOpen: state.historyOpen && state.history !== null };
    case 'history':
      return { ...state, history: event.list };
    case 'notice':
      return { ...state, notice: event.message };
    case 'sending':
      return { ...state, sending: true, failure: null, refusal: null, preview: null };
    case 'picking':
      return { ...state, picking: event.purpose };
    case 'pick':
      return { ...state, picking: 'chat' };
    case 'historyOpen':
      return { ...state, historyOpen: event.open, preview: null };
    case 'preview':
      return { ...state, preview: event.preview, historyOpen: false };
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

/** What there is of an answer that is gone on with. */
const soFar = (view: View | null, messageId: string): string => view?.workflow.messages.find((m) => m.id === messageId)?.content ?? '';

function withSaid(view: View | null, said: Said | null): View | null {
  if (!view || !said) return view;
  const { message, ...more } = said;
  const { messages } = view.workflow;
  const known = messages.some((m) => m.id === message.id);
  return { ...view, ...more, workflow: { ...view.workflow, messages: known ? messages : [...messages, message] } };
}

function withMessage(view: View | null, { message, ended, reason }: Finished): View | null {
  if (!view) return view;
  const others = view.workflow.messages.filter((m) => m.id !== message.id);
  const saved = message.content !== '' || message.metadata?.reasoning; // stopped before the first word, it is not
  const { [message.id]: _, ...before } = view.endings;
  const endings = reason === null ? before : { ...before, [message.id]: { ended, reason } };
  return { ...view, run: null, endings, workflow: { ...view.workflow, messages: saved ? [...others, message] : others } };
}

export type LogItem =
  | { readonly kind: 'stage'; readonly key: string; readonly stage: Stage; readonly index: number }
  | { readonly kind: 'human'; readonly key: string; readonly message: Message }
  | { readonly kind: 'answer'; readonly key: string; readonly message: Message }
  /** What was said, and is sent no more: other messages stand in its place. */
  | { readonly kind: 'earlier'; readonly key: string; readonly items: readonly LogItem[] }
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
    if (message.id === run?.messageId) continue; // what of it was saved already is the same text again
    const last = items.at(-1);
    if (!view.superseded.includes(message.id)) items.push(...itemOf(message));
    else if (last?.kind === 'earlier') items[items.length - 1] = { ...last, items: [...last.items, ...itemOf(message)] };
    else items.push({ kind: 'earlier', key: `earlier-${message.id}`, items: itemOf(message) });
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
  if (type === 'gate_prompt' || type === 'context_switch') return []; // the gate's card and the stage's heading say it
  if (type === 'model_switch')
    return [{ kind: 'note', key, icon: 'arrow-swap', text: message.model && !message.metadata?.reset ? `Model: ${message.model.provider}/${message.model.model}` : 'Model: back to the default' }];
  if (type === 'discard_reason') return [{ kind: 'note', key, icon: 'trash', text: message.content }];
  return [{ kind: 'note', key, icon: 'info', text: message.content }];
}

/** What was said in the current stage and counts. */
const counting = ({ workflow, superseded }: View): Message[] => workflow.messages.filter((m) => m.stageIndex === workflow.currentStage && m.role !== 'system' && !superseded.includes(m.id));

/** The newest message of the person in the current stage: what a retry asks again. */
export function lastQuestion(view: View): Message | null {
  return counting(view).findLast((m) => m.role === 'human') ?? null;
}

/** The newest answer, if it is the last that was said and is not whole: it can be gone on with. */
export function unfinished(view: View): Message | null {
  const last = counting(view).at(-1);
  return last && last.role !== 'human' && view.endings[last.id] ? last : null;
}

/** Whether there is nothing to show of a conversation. */
export function isEmpty(view: View, run: Run | null): boolean {
  return !run && !logItems(view, run).some((item) => item.kind !== 'stage');
}

/** Whether the current stage has been answered: then its gate is what comes next. */
export function hasAnswer(view: View): boolean {
  return counting(view).some((m) => m.role !== 'human');
}

/** Whether what was said last in the current stage got no answer, nor has one under way. */
export function isUnanswered({ view, connection, run, sending }: PanelState): boolean {
  if (view?.workflow.status !== 'active' || connection.state !== 'running' || run || sending) return false;
  return counting(view).at(-1)?.role === 'human';
}

export function currentStage(view: View): Stage | null {
  return view.workflow.stages[view.workflow.currentStage] ?? null;
}
